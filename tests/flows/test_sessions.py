"""Sessions: how long, how fresh, and how they end."""

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from renumber.flows.sessions import choose_language, end_other_sessions, end_session, reauthenticate, sign_out
from renumber.flows.views import find_visit, profile_view
from tests.flows.person import Browser, Person, a_person
from tests.flows.world import World


async def give_password_again(erika: Person, password: str) -> Refusal | None:
    browser = erika.browser
    step = await reauthenticate(erika.world.services, browser.client, browser.ticket, password=password)
    browser.session = step.state or browser.session
    return step.refusal


async def everything_done_with(world: World, erika: Person, ticket: Ticket) -> set[Refusal | None]:
    """Try each act of a session with this cookie."""
    services, client = world.services, erika.browser.client
    return {
        (await sign_out(services, client, ticket)).refusal,
        (await end_other_sessions(services, client, ticket)).refusal,
        (await end_session(services, client, ticket, session_id=ticket.id)).refusal,
        (await choose_language(services, client, ticket, locale="en")).refusal,
        (await reauthenticate(services, client, ticket, password=erika.password)).refusal,
        (await request_change(services, client, ticket)).refusal,
        (await send_link_again(services, client, ticket)).refusal,
        (await cancel_change(services, client, ticket)).refusal,
    }


async def test_reauthentication_renews_the_token_and_the_old_one_dies(world: World, erika: Person) -> None:
    await erika.sign_in()
    old = erika.browser.ticket
    world.clock.move(minutes=20)

    assert await give_password_again(erika, erika.password) is None

    assert erika.browser.ticket.token != old.token
    assert await find_visit(world.services, old) is None
    visit = await find_visit(world.services, erika.browser.ticket)
    assert visit
    assert visit.is_fresh


async def test_a_wrong_password_renews_nothing_and_is_slowed(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=20)

    refusals = [await give_password_again(erika, "wrong password") for _ in range(6)]

    assert refusals == [Refusal.WRONG_CREDENTIALS] * 5 + [Refusal.TOO_MANY_SIGN_INS]
    visit = await find_visit(world.services, erika.browser.ticket)
    assert visit
    assert not visit.is_fresh
    world.clock.move(seconds=1)
    assert await give_password_again(erika, erika.password) is None


async def test_the_password_of_the_session_is_that_of_its_account(world: World, erika: Person) -> None:
    await world.enter("other@example.com", "other password 1", None)
    await erika.sign_in()

    assert await give_password_again(erika, "other password 1") is Refusal.WRONG_CREDENTIALS


async def test_signing_out_ends_this_session_alone(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = await erika.sign_in(Browser(world))

    assert (await sign_out(world.services, erika.browser.client, erika.browser.ticket)).refusal is None

    assert not await erika.browser.is_signed_in()
    assert await elsewhere.is_signed_in()
    again = await sign_out(world.services, erika.browser.client, erika.browser.ticket)
    assert again.refusal is Refusal.SESSION_UNKNOWN


async def test_another_session_can_be_ended(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = await erika.sign_in(Browser(world))

    step = await end_session(world.services, erika.browser.client, erika.browser.ticket, session_id=elsewhere.ticket.id)

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

    step = await end_session(
        world.services, erika.browser.client, erika.browser.ticket, session_id=other.browser.ticket.id
    )

    assert step.refusal is Refusal.SESSION_UNKNOWN
    assert await other.browser.is_signed_in()


async def test_ending_all_others_spares_this_one_and_is_told_everywhere(world: World, erika: Person) -> None:
    await erika.sign_in()
    elsewhere = [await erika.sign_in(Browser(world)) for _ in range(2)]

    await end_other_sessions(world.services, erika.browser.client, erika.browser.ticket)

    assert await erika.browser.is_signed_in()
    assert not [one for one in elsewhere if await one.is_signed_in()]
    assert len(await erika.mails(Notice.SESSIONS_ENDED)) == 1
    assert len(await erika.texts(Notice.SESSIONS_ENDED)) == 1


async def test_where_no_other_was_signed_in_nothing_is_told(world: World, erika: Person) -> None:
    await erika.sign_in()

    step = await end_other_sessions(world.services, erika.browser.client, erika.browser.ticket)

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
    visit = await find_visit(world.services, elsewhere.ticket)
    assert visit

    live = (await profile_view(world.services, visit)).sessions

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
    await sign_out(world.services, erika.browser.client, erika.browser.ticket)

    assert await everything_done_with(world, erika, erika.browser.ticket) == {Refusal.SESSION_UNKNOWN}


async def test_a_session_that_idled_for_an_hour_does_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=60)

    assert await everything_done_with(world, erika, erika.browser.ticket) == {Refusal.SESSION_UNKNOWN}


async def test_mails_follow_the_chosen_language(world: World, erika: Person) -> None:
    await erika.sign_in()

    await choose_language(world.services, erika.browser.client, erika.browser.ticket, locale="en")

    await erika.ask_for_change()
    assert (await erika.mails())[-1].message.locale == "en"
