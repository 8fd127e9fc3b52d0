"""Sending the link of a request again: only who may ask for a change may have it sent, and not without end."""

from dataclasses import replace

from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Session
from renumber.flows.phone_change.link import look_at_link
from renumber.flows.phone_change.request import send_link_again
from tests.builders import OLD
from tests.flows.person import Browser, Person
from tests.flows.world import World


async def again(erika: Person) -> Refusal | None:
    browser = erika.browser
    return (await send_link_again(erika.world.services, browser.client, browser.ticket)).refusal


async def look(erika: Person, token: str) -> Refusal | None:
    return (await look_at_link(erika.world.services, token)).refusal


async def test_a_newer_link_comes_a_minute_later_and_ends_the_older(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    older = await erika.link()
    world.clock.move(seconds=59)
    assert await again(erika) is Refusal.SEND_TOO_SOON

    world.clock.move(seconds=1)
    assert await again(erika) is None

    assert await look(erika, older) is Refusal.LINK_REPLACED
    assert (await Browser(world).press(older)).refusal is Refusal.LINK_REPLACED
    assert (await world.account(erika.account_id)).number == OLD
    assert (await Browser(world).press(await erika.link())).refusal is None


async def test_a_newer_link_lives_24_hours_of_its_own(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    world.clock.move(minutes=10)
    await again(erika)
    world.clock.move(hours=23, minutes=59, seconds=59)

    assert await look(erika, await erika.link()) is None


async def test_a_stale_session_has_no_link_sent_again(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    world.clock.move(minutes=15)
    assert await again(erika) is Refusal.NEEDS_FRESH_AUTHENTICATION
    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 1

    await erika.browser.reauthenticate()

    assert await again(erika) is None


async def test_a_session_without_a_second_factor_has_no_link_sent_again(world: World, erika: Person) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    world.clock.move(minutes=1)
    async with world.services.store.work(erika.account_id) as work:
        session = await work.load(Session, erika.browser.ticket.id)
        assert session
        work.keep(replace(session, factor=None, factor_at=None))

    assert await again(erika) is Refusal.NEEDS_SECOND_FACTOR

    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 1


async def test_sending_again_and_again_sends_no_more_than_five_mails_in_ten_minutes(
    world: World, erika: Person
) -> None:
    await erika.sign_in()
    await erika.ask_for_change()
    refusals = []
    for _ in range(6):
        world.clock.move(minutes=1)
        refusals.append(await again(erika))

    assert refusals == [None] * 4 + [Refusal.SEND_LIMIT_REACHED] * 2
    assert len(await erika.mails(Notice.CHANGE_REQUESTED)) == 5
    newest = await erika.link()
    assert await look(erika, newest) is None, "a refused send ends no link"
