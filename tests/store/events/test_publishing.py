"""Events come in one order that no cursor falls behind, once each, and go when their time is over."""

import asyncio
from datetime import timedelta

import pytest

from renumber.flows.account.erase import erase_account
from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.housekeeping import keep_house
from renumber.flows.services import NOWHERE
from renumber.policies.events.types import EventType
from renumber.policies.events.webhooks import Delivered
from renumber.policies.joins import ApiKey, Joins, Scope, Webhook
from renumber.policies.retention import Retention
from renumber.store.erasure import AccountErasure
from renumber.store.events.deliveries import StoredDeliveries
from renumber.store.events.publish import AT_ONCE, EventPublisher
from renumber.store.events.reads import StoredEvents
from renumber.store.events.replay import EventReplay
from renumber.store.housekeeping import HELD_FOR, Housekeeping
from tests.builders import NEW
from tests.flows.person import Person, a_person
from tests.flows.world import World, a_world
from tests.store.hands_on import count, everything

HOOK = Webhook(webhook_id="shop", url="https://shop.example", secrets=(b"s",), include_number=True)
JOINS = Joins(webhooks=(HOOK,))
PULLED = Joins(api_keys=(ApiKey(name="reader", key_hash=b"h", scopes=frozenset({Scope.EVENTS})),))


async def publish(world: World) -> list[str]:
    """Publish all that is due, and read the types in their order."""
    publisher = EventPublisher(world.database)
    while await publisher.publish(world.services.joins.current().webhooks, world.clock.time):
        pass
    return [each.event.type.value for each in await StoredEvents(world.database).events_after(0, 1000)]


async def test_events_are_read_in_the_order_of_their_positions_and_none_behind_the_cursor(database_url: str) -> None:
    async with a_world(database_url, joins=PULLED) as world:
        events = StoredEvents(world.database)
        erika = await a_person(world)
        await publish(world)
        first = await events.events_after(0, 10)
        await erika.change_number(NEW)
        assert await events.events_after(first[-1].position, 10) == [], "what is not published yet is not read"
        await publish(world)

        later = await events.events_after(first[-1].position, 10)
        changed = await events.events_after(0, 10, [EventType.PHONE_NUMBER_CHANGED])

    assert [each.position for each in (*first, *later)] == [1, 2, 3, 4, 5]
    assert [each.event.type.value for each in (*first, *later)] == [
        "account.created",
        "phone_change.requested",
        "session.ended",
        "phone_number.reset",
        "phone_number.changed",
    ]
    assert [each.event.type for each in changed] == [EventType.PHONE_NUMBER_CHANGED]
    assert all(not each.event.numbers for each in (*first, *later)), "nobody opted in, so that none is even kept"


async def test_several_publishers_at_once_give_no_position_twice_and_make_one_delivery(database_url: str) -> None:
    async with a_world(database_url, joins=JOINS) as world:
        for number in range(20):
            await a_person(world, f"p{number}@example.com")
        publishers = [EventPublisher(world.database) for _ in range(4)]

        await asyncio.gather(*(each.publish([HOOK], world.clock.time) for each in publishers))

        found = await StoredEvents(world.database).events_after(0, 1000)
        assert [each.position for each in found] == list(range(1, 21))
        assert await count(world, "webhook_delivery") == 20


async def test_more_than_one_page_is_published_one_after_another(sqlite_url: str) -> None:
    async with a_world(sqlite_url, joins=PULLED) as world:
        erika = await a_person(world)
        await erika.sign_in()
        for _ in range(AT_ONCE // 2 + 1):
            world.clock.move(hours=25)
            await erika.sign_in()
            await erika.ask_for_change()
            await keep_house(world.services, Housekeeping(world.database, Retention(events=timedelta(days=4000))))

        types = await publish(world)

    assert types.count("phone_change.requested") == types.count("phone_change.expired") + 1
    assert len(types) > AT_ONCE


@pytest.mark.parametrize("renewed", [False, True])
async def test_a_hold_ends_once_and_not_while_a_newer_one_stands(database_url: str, *, renewed: bool) -> None:
    async with a_world(database_url, joins=PULLED) as world:
        erika = await a_person(world)
        await erika.change_number(NEW)
        hold_for = world.limits.hold_for
        ends_at = world.clock.time + hold_for
        if renewed:
            world.clock.move(hours=1)
            await erika.choose_password("another horse battery")
            world.clock.time = ends_at
            assert "hold.ended" not in await publish(world)
            ends_at += timedelta(hours=1)
        world.clock.time = ends_at - timedelta(milliseconds=1)
        before = await publish(world)
        world.clock.time = ends_at
        after = await publish(world)
        (ended,) = await StoredEvents(world.database).events_after(0, 10, [EventType.HOLD_ENDED])

    assert before.count("hold.ended") == 0
    assert after.count("hold.ended") == 1
    assert ended.event.at == ends_at


async def test_an_erased_account_is_told_of_and_no_number_of_it_is_kept(database_url: str) -> None:
    async with a_world(database_url, joins=JOINS) as world:
        erika = await a_person(world)
        await erika.change_number(NEW)
        with_numbers = [row for row in (await everything(world))["event"] if row["numbers"]]
        erasure = AccountErasure(world.database, world.keys)

        await erase_account(erasure, erika.account_id, world.clock.time, joins=world.services.joins)
        world.clock.move(days=9)
        types = await publish(world)
        rows = (await everything(world))["event"]

    assert len(with_numbers) == 3
    assert types[-1] == "account.erased"
    assert "hold.ended" not in types
    assert {row["numbers"] for row in rows} == {None}


async def test_events_and_deliveries_go_after_their_time_and_positions_are_never_given_again(database_url: str) -> None:
    async with a_world(database_url, joins=JOINS) as world:
        await a_person(world, "one@example.com")
        await publish(world)
        kept = Retention().events - HELD_FOR
        world.clock.time += kept - timedelta(seconds=1)
        await keep_house(world.services, world.chores)
        before = (await count(world, "event"), await count(world, "webhook_delivery"))
        world.clock.time += HELD_FOR * 2
        await keep_house(world.services, world.chores)
        after = (await count(world, "event"), await count(world, "webhook_delivery"))
        await a_person(world, "two@example.com")
        await publish(world)
        (found,) = await StoredEvents(world.database).events_after(0, 10)

    assert (before, after) == ((1, 1), (0, 0))
    assert found.position == 2


async def test_what_was_sent_is_sent_again_with_its_id_by_itself_or_since_a_time(database_url: str) -> None:
    async with a_world(database_url, joins=JOINS) as world:
        replay, deliveries = EventReplay(world.database), StoredDeliveries(world.database, world.keys)
        erika = await a_person(world)
        await publish(world)
        world.clock.move(hours=1)
        await freeze_by_operator(world.services, NOWHERE, erika.account_id, "stolen")
        await publish(world)
        now = world.clock.time
        for one in await deliveries.claim("shop", 10, "tests", now=now, until=now + timedelta(minutes=1)):
            assert await deliveries.settle(one, Delivered(), now)
        (created,) = await StoredEvents(world.database).events_after(0, 10, [EventType.ACCOUNT_CREATED])

        again = await replay.one(HOOK, created.event_id, now)
        unknown = await replay.one(HOOK, "0" * 32, now)
        since = await replay.since(HOOK, now, now)
        listed = await StoredEvents(world.database).deliveries(2)
        rest = await StoredEvents(world.database).deliveries(10, listed[-1].cursor)

    assert (again, unknown, since) == (1, 0, 2)
    assert [each.state for each in (*listed, *rest)].count("delivered") == 3
    assert len({each.delivery_id for each in (*listed, *rest)}) == 6
    assert [each.event_id for each in (*listed, *rest)].count(created.event_id) == 2


async def test_an_account_of_nobody_is_told_of_to_nobody(sqlite_url: str) -> None:
    async with a_world(sqlite_url, joins=PULLED) as world:
        for _ in range(8):
            await Person(world=world, account_id="", email="nobody@example.com", number=NEW).browser.give_password(
                "nobody@example.com"
            )

        assert await count(world, "event") == 0
