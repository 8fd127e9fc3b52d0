"""Asking for a change, sending its link again, cancelling it; and every end of a link."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState
from renumber.domain.session import Session, Ticket
from renumber.flows.organisations.waiting import go_on_with_change
from renumber.flows.phone_change.link import look_at_link
from renumber.flows.phone_change.request import cancel_change, request_change, send_link_again
from tests.builders import OLD
from tests.flows.person import Browser, Person
from tests.flows.world import World, with_rules


async def ask(erika: Person) -> Refusal | None:
    browser = erika.browser
    return (await request_change(erika.world.services, browser.client, browser.ticket)).refusal


async def again(erika: Person) -> Refusal | None:
    browser = erika.browser
    return (await send_link_again(erika.world.services, browser.client, browser.ticket)).refusal


async def cancel(erika: Person) -> Refusal | None:
    browser = erika.browser
    return (await cancel_change(erika.world.services, browser.client, browser.ticket)).refusal


async def look(erika: Person, token: str) -> Refusal | None:
    return (await look_at_link(erika.world.services, token)).refusal


async def kept_as_before(world: World, account: Account) -> bool:
    """Whether nothing about the number changed; the history may have grown."""
    return replace(await world.account(account.account_id), version=account.version) == account


async def test_asking_sends_a_link_and_changes_nothing_about_the_number(world: World, erika: Person) -> None:
    await erika.sign_in()
    before = await world.account(erika.account_id)

    change = await erika.ask_for_change()

    assert await kept_as_before(world, before)
    assert await world.open_change(erika.account_id) == replace(change, version=1)
    [received] = await erika.mails(Notice.CHANGE_REQUESTED)
    assert received.action
    assert received.stop
    assert received.message.params["certain"] == "yes", "her second factor said who she is"
    assert received.message.params["expires_at"] == (world.clock.time + timedelta(hours=24)).isoformat()
    texts = [one.notice for one in await erika.texts()]
    assert texts == [Notice.SIGN_IN_CODE, Notice.NEW_BROWSER], "those of the sign-in, and nothing since"


async def test_the_request_remembers_the_session_and_its_factor(world: World, erika: Person) -> None:
    await erika.sign_in()
    [session] = await world.live_sessions(erika.account_id)

    change = await erika.ask_for_change()

    assert change.proof == session.proof
    assert change.proof.factor is Factor.PHONE


async def test_a_session_without_a_second_factor_cannot_ask(world: World, erika: Person) -> None:
    """Or a stolen password and a stolen mailbox would be enough (row 1)."""
    await erika.sign_in()
    async with world.services.store.work(erika.account_id) as work:
        session = await work.load(Session, erika.browser.ticket.id)
        assert session
        work.keep(replace(session, factor=None, factor_at=None))

    assert await ask(erika) is Refusal.NEEDS_SECOND_FACTOR

    assert await world.open_change(erika.account_id) is None
    assert "refused:needs_second_factor" in await world.history(erika.account_id)
    assert await erika.mails(Notice.CHANGE_REQUESTED) == []


async def test_a_stale_session_authenticates_again_first(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=15)
    assert await ask(erika) is Refusal.NEEDS_FRESH_AUTHENTICATION

    await erika.browser.reauthenticate()

    assert await ask(erika) is None


async def test_no_session_asks_for_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    ticket = erika.browser.ticket
    erika.browser.session = Ticket(ticket.account_id, ticket.id, "0" * 32)

    assert {await ask(erika), await again(erika), await cancel(erika)} == {Refusal.SESSION_UNKNOWN}
    assert await world.open_change(erika.account_id) is None


async def test_one_change_is_open_at_a_time(world: World, erika: Person) -> None:
    await erika.sign_in()
    change = await erika.ask_for_change()

    assert await ask(erika) is Refusal.CHANGE_ALREADY_OPEN

    found = await world.open_change(erika.account_id)
    assert found
    assert found.change_id == change.change_id
    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 1


async def test_an_operator_can_demand_another_factor_first(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.services = with_rules(world.services, reenrolment_requires_factor=True)

    assert await ask(erika) is Refusal.NEEDS_ANOTHER_FACTOR

    assert await world.open_change(erika.account_id) is None


async def test_without_a_request_there_is_nothing_to_send_again_or_to_cancel(erika: Person) -> None:
    await erika.sign_in()

    assert await again(erika) is Refusal.NO_OPEN_CHANGE
    assert await cancel(erika) is Refusal.NO_OPEN_CHANGE


async def test_a_cancelled_request_ends_its_link_and_frees_the_way_for_another(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    link = await erika.link()

    assert await cancel(erika) is None

    assert await world.open_change(erika.account_id) is None
    assert await look(erika, link) is Refusal.LINK_CANCELLED
    assert (await Browser(world).press(link)).refusal is Refusal.LINK_CANCELLED
    assert (await world.account(erika.account_id)).number == OLD
    assert await ask(erika) is None


async def test_cancelling_and_asking_anew_sends_no_more_than_five_mails_in_ten_minutes(
    world: World, erika: Person
) -> None:
    await erika.sign_in()
    refusals = []
    for _ in range(7):
        refusals.append(await ask(erika))
        await cancel(erika)

    assert refusals == [None] * 5 + [Refusal.SEND_LIMIT_REACHED] * 2
    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 5
    world.clock.move(minutes=10)
    assert await ask(erika) is None


async def test_a_stale_session_may_still_cancel(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    world.clock.move(minutes=30)

    assert await cancel(erika) is None


async def test_looking_at_a_link_fifty_times_changes_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    link, before = await erika.link(), await world.account(erika.account_id)
    history = await world.history(erika.account_id)

    for _ in range(50):
        view = await look_at_link(world.services, link)
        assert (view.refusal, view.number) == (None, OLD)

    assert await world.account(erika.account_id) == before
    assert await world.history(erika.account_id) == history
    assert await world.deliver() == []
    assert await erika.browser.is_signed_in()


async def test_a_link_works_a_second_before_24_hours(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    world.clock.move(hours=23, minutes=59, seconds=59)

    assert (await Browser(world).press(await erika.link())).refusal is None


async def test_a_link_does_not_work_a_second_after_24_hours_and_the_old_number_stays(
    world: World, erika: Person
) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    link = await erika.link()
    world.clock.move(hours=24, seconds=1)
    assert await look(erika, link) is Refusal.LINK_EXPIRED

    assert (await Browser(world).press(link)).refusal is Refusal.LINK_EXPIRED

    assert (await world.account(erika.account_id)).number == OLD
    assert await world.open_change(erika.account_id) is None
    assert (await world.history(erika.account_id))[-2:] == ["change_expired", "refused:link_expired"]
    await erika.sign_in()
    assert await ask(erika) is None


async def test_an_expired_request_makes_way_for_a_new_one(world: World, erika: Person) -> None:
    await erika.sign_in()
    old = await erika.ask_for_change()
    world.clock.move(hours=25)
    await erika.sign_in()

    new = await erika.ask_for_change()

    assert new.change_id != old.change_id
    found = await world.services.store.find_change(erika.account_id, old.change_id)
    assert found
    assert found.state is ChangeState.EXPIRED


async def test_housekeeping_closes_what_ran_out_and_nothing_else(world: World, erika: Person) -> None:
    await erika.sign_in()
    change = await erika.ask_for_change()

    async def close() -> Refusal | None:
        step = await go_on_with_change(world.services, erika.account_id, change.change_id)
        return step.refusal

    assert await close() is Refusal.NOT_NOW
    world.clock.move(hours=24)
    assert await close() is None
    assert await close() is Refusal.NO_OPEN_CHANGE
    assert (await world.history(erika.account_id)).count("change_expired") == 1
