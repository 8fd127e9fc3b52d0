"""Sessions: how long, how fresh, and how they end."""

from renumber.domain.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.flows import change_phone, observe, sessions
from tests.flows.conftest import a_person
from tests.flows.person import Browser, Person
from tests.flows.world import World


async def reauthenticate(erika: Person, password: str) -> Refusal | None:
    browser = erika.browser
    step = await sessions.reauthenticate(erika.world.house, browser.ticket, password, origin=browser.origin)
    browser.session = step.state
    return step.refusal


async def everything_done_with(world: World, erika: Person, ticket: Ticket) -> set[Refusal | None]:
    """Try each act of a session with this cookie."""
    house, origin = world.house, erika.browser.origin
    return {
        (await sessions.sign_out(house, ticket, origin)).refusal,
        (await sessions.end_other_sessions(house, ticket, origin)).refusal,
        (await sessions.end_session(house, ticket, ticket.id, origin=origin)).refusal,
        (await sessions.choose_language(house, ticket, "en", origin=origin)).refusal,
        (await sessions.reauthenticate(house, ticket, erika.password, origin=origin)).refusal,
        (await change_phone.request_change(house, ticket, origin)).refusal,
        (await change_phone.send_link_again(house, ticket, origin)).refusal,
        (await change_phone.cancel_change(house, ticket, origin)).refusal,
    }


async def test_reauthentication_renews_the_token_and_the_old_one_dies(world: World, erika: Person) -> None:
    await erika.sign_in()
    old = erika.browser.ticket
    world.clock.move(minutes=20)

    assert await reauthenticate(erika, erika.password) is None

    assert erika.browser.ticket.token != old.token
    assert await observe.visit(world.house, world.reads, old) is None
    visit = await observe.visit(world.house, world.reads, erika.browser.ticket)
    assert visit
    assert visit.is_fresh


async def test_a_wrong_password_renews_nothing_and_is_slowed(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=20)

    refusals = [await reauthenticate(erika, "wrong password") for _ in range(6)]

    assert refusals == [Refusal.WRONG_CREDENTIALS] * 5 + [Refusal.TOO_MANY_SIGN_INS]
    visit = await observe.visit(world.house, world.reads, erika.browser.ticket)
    assert visit
    assert not visit.is_fresh
    world.clock.move(seconds=1)
    assert await reauthenticate(erika, erika.password) is None


async def test_the_password_of_the_session_is_that_of_its_account(world: World, erika: Person) -> None:
    await world.enter("other@example.com", "other password 1", None)
    await erika.sign_in()

    assert await reauthenticate(erika, "other password 1") is Refusal.WRONG_CREDENTIALS


async def test_signing_out_ends_this_session_alone(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = await erika.sign_in(Browser(world))

    assert (await sessions.sign_out(world.house, erika.browser.ticket, erika.browser.origin)).refusal is None

    assert not await erika.browser.is_signed_in()
    assert await elsewhere.is_signed_in()
    again = await sessions.sign_out(world.house, erika.browser.ticket, erika.browser.origin)
    assert again.refusal is Refusal.SESSION_UNKNOWN


async def test_another_session_can_be_ended(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = await erika.sign_in(Browser(world))

    step = await sessions.end_session(
        world.house, erika.browser.ticket, elsewhere.ticket.id, origin=erika.browser.origin
    )

    assert step.refusal is None
    assert not await elsewhere.is_signed_in()
    assert await erika.browser.is_signed_in()
    assert len(await erika.mails(Notice.SESSIONS_ENDED)) == 1
    assert len(await erika.texts(Notice.SESSIONS_ENDED)) == 1


async def test_a_session_of_another_account_is_unknown(world: World, erika: Person) -> None:
    other = await a_person(world, "other@example.com", erika.number)
    await erika.sign_in()
    world.clock.move(seconds=31)
    await other.sign_in()

    step = await sessions.end_session(
        world.house, erika.browser.ticket, other.browser.ticket.id, origin=erika.browser.origin
    )

    assert step.refusal is Refusal.SESSION_UNKNOWN
    assert await other.browser.is_signed_in()


async def test_ending_all_others_spares_this_one_and_is_told_everywhere(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = [await erika.sign_in(Browser(world)) for _ in range(2)]

    await sessions.end_other_sessions(world.house, erika.browser.ticket, erika.browser.origin)

    assert await erika.browser.is_signed_in()
    assert not [one for one in elsewhere if await one.is_signed_in()]
    assert len(await erika.mails(Notice.SESSIONS_ENDED)) == 1
    assert len(await erika.texts(Notice.SESSIONS_ENDED)) == 1


async def test_where_no_other_was_signed_in_nothing_is_told(world: World, erika: Person) -> None:
    await erika.sign_in()

    step = await sessions.end_other_sessions(world.house, erika.browser.ticket, erika.browser.origin)

    assert (step.refusal, step.facts) == (None, ())
    assert await erika.mails(Notice.SESSIONS_ENDED) == await erika.texts(Notice.SESSIONS_ENDED) == []


async def test_an_idle_hour_ends_a_session_and_a_visit_keeps_it(world: World, erika: Person) -> None:
    await erika.sign_in()
    for _ in range(3):
        world.clock.move(minutes=59)
        assert await erika.browser.is_signed_in()

    world.clock.move(minutes=60)

    assert not await erika.browser.is_signed_in()


async def test_a_day_ends_a_session_however_busy(world: World, erika: Person) -> None:
    await erika.sign_in()
    for _ in range(47):
        world.clock.move(minutes=30)
        assert await erika.browser.is_signed_in()

    world.clock.move(minutes=30)

    assert not await erika.browser.is_signed_in()


async def test_the_person_sees_the_live_sessions_newest_first(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=1)
    elsewhere = await erika.sign_in(Browser(world, "Safari on iPhone"))
    visit = await observe.visit(world.house, world.reads, elsewhere.ticket)
    assert visit

    _, live = await observe.whole_profile(world.house, world.reads, visit)

    assert [session.browser for session in live] == ["Safari on iPhone", "Firefox on Windows"]


async def test_a_forged_session_does_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    ticket = erika.browser.ticket
    forged = Ticket(ticket.account_id, ticket.id, "0" * 32)

    refusals = await everything_done_with(world, erika, forged)

    assert refusals == {Refusal.SESSION_UNKNOWN}
    assert await erika.browser.is_signed_in()


async def test_an_ended_session_does_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    await sessions.sign_out(world.house, erika.browser.ticket, erika.browser.origin)

    assert await everything_done_with(world, erika, erika.browser.ticket) == {Refusal.SESSION_UNKNOWN}


async def test_a_session_that_idled_for_an_hour_does_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=60)

    assert await everything_done_with(world, erika, erika.browser.ticket) == {Refusal.SESSION_UNKNOWN}


async def test_mails_follow_the_chosen_language(world: World, erika: Person) -> None:
    await erika.sign_in()

    await sessions.choose_language(world.house, erika.browser.ticket, "en", origin=erika.browser.origin)

    await erika.ask_for_change()
    assert (await erika.mails())[-1].message.locale == "en"
