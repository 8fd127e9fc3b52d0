"""A stop link ends with the channel that it was sent to: for each that leaves, its links freeze nothing (row 47)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from renumber.domain.email_address import EmailAddress
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal
from renumber.domain.push.prompt import Decision
from renumber.flows.account.freeze import freeze_by_link, freeze_by_operator, look_at_stop
from renumber.flows.account.release import release_by_operator
from renumber.flows.act import visitor
from renumber.flows.push.devices import remove_device
from renumber.store.database.open import Statement
from tests.builders import NEW, OLD, OTHER
from tests.flows.person import Browser, Person
from tests.flows.push.phone import Phone, add_phone
from tests.flows.push.prompts import finish
from tests.flows.world import World

Leave = Callable[[Person], Awaitable[str]]


async def release(person: Person, wanted: Wanted) -> None:
    """Have the operator freeze and release it."""
    services, at = person.world.services, Browser(person.world).client
    assert (await freeze_by_operator(services, at, person.account_id, "a call")).refusal is None
    step = await release_by_operator(services, at, person.account_id, "a call", wanted=wanted)
    assert step.refusal is None


async def tell(person: Person, fact: Fact = Fact.SESSIONS_ENDED) -> None:
    """Tell everybody who is on file of something."""
    services = person.world.services
    async with services.store.work(person.account_id) as work:
        visitor(work, services, person.browser.client).record(fact)


async def the_old_phone_at_a_release_that_keeps_the_new_one(erika: Person) -> str:
    await erika.change_number(NEW)
    await tell(erika)
    await release(erika, Wanted.PRESENT)
    return OLD.e164


async def the_thief_s_number_at_a_release(erika: Person) -> str:
    await erika.change_number(NEW)
    await tell(erika)
    await release(erika, Wanted.RECENT)
    return NEW.e164


async def the_number_before_a_change_after_a_week(erika: Person) -> str:
    await erika.change_number(NEW)
    erika.world.clock.move(days=6)
    await tell(erika)
    erika.world.clock.move(days=1)
    return OLD.e164


async def a_number_between_two_changes(erika: Person) -> str:
    await erika.change_number(NEW)
    await tell(erika)
    erika.world.clock.move(days=4)
    await erika.change_number(OTHER)
    await release(erika, Wanted.PRESENT)
    return NEW.e164


async def the_mailbox_whose_address_was_changed(erika: Person) -> str:
    await erika.sign_in()
    await erika.ask_for_change()
    await tell(erika)
    await erika.world.deliver()
    async with erika.world.services.store.work(erika.account_id) as work:
        work.keep(replace(work.account, email=EmailAddress("erika@example.net")))
    return erika.email


LEAVING: list[Leave] = [
    the_old_phone_at_a_release_that_keeps_the_new_one,
    the_thief_s_number_at_a_release,
    the_number_before_a_change_after_a_week,
    a_number_between_two_changes,
    the_mailbox_whose_address_was_changed,
]


async def tokens(world: World, address: str) -> list[str]:
    """Every link that was sent there and could ever freeze."""
    return [token for one in await world.messages(address) for token in (one.stop, one.action) if token]


async def look(world: World, token: str) -> Refusal | None:
    return (await look_at_stop(world.services, token)).refusal


async def press(world: World, token: str) -> Refusal | None:
    return (await freeze_by_link(world.services, Browser(world).client, token)).refusal


@pytest.mark.parametrize("leave", LEAVING)
async def test_the_links_of_a_channel_that_has_left_freeze_nothing(world: World, erika: Person, leave: Leave) -> None:
    sent = await tokens(world, await leave(erika))

    for token in sent:
        assert await look(world, token) in {Refusal.CHANNEL_LEFT, Refusal.LINK_EXPIRED}
        assert await press(world, token) in {Refusal.CHANNEL_LEFT, Refusal.LINK_EXPIRED}
    assert sent
    assert not (await world.account(erika.account_id)).is_frozen


@pytest.mark.parametrize("wanted", [Wanted.PRESENT, Wanted.RECENT])
async def test_what_went_to_a_number_that_stays_still_freezes_after_a_release(
    world: World, erika: Person, wanted: Wanted
) -> None:
    await erika.change_number(NEW)
    await tell(erika)
    await release(erika, wanted)

    [told] = await erika.texts(Notice.SESSIONS_ENDED, number=NEW if wanted is Wanted.PRESENT else OLD)

    assert await press(world, told.stop) is None


@pytest.mark.parametrize("address", ["erika@example.com", NEW.e164])
async def test_the_notice_of_a_release_can_be_stopped_by_whoever_still_counts(
    world: World, erika: Person, address: str
) -> None:
    await erika.change_number(NEW)
    await release(erika, Wanted.PRESENT)

    [told] = await world.messages(address, Notice.ACCOUNT_RELEASED)

    assert await press(world, told.stop) is None
    assert (await world.account(erika.account_id)).is_frozen


async def test_the_old_phone_is_told_of_the_release_and_can_stop_nothing(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    await release(erika, Wanted.PRESENT)

    [told] = await erika.texts(Notice.ACCOUNT_RELEASED, number=OLD)

    assert told.stop == ""


async def test_the_number_that_a_change_replaces_stops_it_though_an_older_one_is_on_file(
    world: World, erika: Person
) -> None:
    """Or a thief would change the number right after its owner did, and the owner's phone could do nothing."""
    await erika.change_number(NEW)
    erika.world.clock.move(days=4)
    await erika.change_number(OTHER)

    [told] = await erika.texts(Notice.NUMBER_CHANGED, number=NEW)

    assert await press(world, told.stop) is None


async def the_link_of_a_device(erika: Person) -> tuple[Phone, str]:
    """What the device was given when its owner said: not me."""
    phone = await add_phone(erika)
    erika.world.clock.move(minutes=1)
    await erika.browser.give_password(erika.email)
    answered = await phone.answer(Decision.NOT_ME)
    assert answered.state
    assert answered.state.freeze_token
    return phone, answered.state.freeze_token


async def test_the_link_of_a_device_freezes_as_long_as_it_is_there(world: World, erika: Person) -> None:
    _, token = await the_link_of_a_device(erika)

    assert await look(world, token) is None
    assert await press(world, token) is None


async def test_the_link_of_a_device_ends_with_a_release(world: World, erika: Person) -> None:
    _, token = await the_link_of_a_device(erika)
    await release(erika, Wanted.RECENT)

    assert await look(world, token) is Refusal.CHANNEL_LEFT
    assert await press(world, token) is Refusal.CHANNEL_LEFT


async def test_the_link_of_a_device_ends_when_it_is_removed(world: World, erika: Person) -> None:
    phone, token = await the_link_of_a_device(erika)
    erika.world.clock.move(days=4)
    await erika.browser.give_password(erika.email)
    await phone.answer()
    await finish(erika.browser)
    await erika.browser.reauthenticate()
    step = await remove_device(world.services, erika.browser.client, erika.browser.ticket, phone.known.device_id)
    assert step.refusal is None, step.refusal

    assert await look(world, token) is Refusal.CHANNEL_LEFT
    assert await press(world, token) is Refusal.CHANNEL_LEFT


async def test_a_link_from_before_addresses_were_kept_works_until_a_release(world: World, erika: Person) -> None:
    await tell(erika)
    await tell(erika, Fact.FACTOR_REMOVED)
    first, second = [one.stop for one in await erika.texts()]
    async with world.database.transaction() as tx:
        await tx.execute(Statement(text("UPDATE link SET channel = NULL, address_key = NULL")))
        await tx.commit()

    assert await press(world, first) is None
    await release_by_operator(world.services, Browser(world).client, erika.account_id, "a call")
    assert await press(world, second) is Refusal.NOTHING_TO_STOP


async def test_neither_number_nor_address_is_kept_beside_a_link(world: World, erika: Person) -> None:
    await tell(erika)

    rows = await world.database.fetch(Statement(text("SELECT channel, address_key FROM link ORDER BY channel")))

    assert [row["channel"] for row in rows] == [Channel.EMAIL, Channel.SMS]
    for row in rows:
        assert not [word for word in (OLD.e164, erika.email) if word.encode() in bytes(row["address_key"])]
