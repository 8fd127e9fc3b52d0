"""What waits along a stream goes when its time is over, and with the stream."""

from dataclasses import replace
from datetime import timedelta

import pytest

from renumber.flows.account.freeze import freeze_by_operator
from renumber.flows.services import NOWHERE
from renumber.policies.events.streams import Stream
from renumber.policies.retention import Retention
from renumber.store.housekeeping import HELD_FOR, Housekeeping
from tests.delivery.streams.house import a_house
from tests.delivery.webhooks.receiver import receiving
from tests.flows.person import a_person
from tests.store.hands_on import count


@pytest.mark.parametrize("way", ["time", "stream"])
async def test_what_waits_goes_after_its_time_and_with_its_stream(database_url: str, way: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        stream = await house.pushed_to(listener)
        erika = await a_person(house.world)
        await house.streams.leave_out(stream, erika.account_id, house.world.clock.time)
        await freeze_by_operator(house.world.services, NOWHERE, erika.account_id, "stolen")
        await house.publish()
        left_out = await count(house.world, "security_event")
        await house.streams.take_in(stream, erika.account_id)
        max_ = await a_person(house.world, "max@example.com", None)
        await house.streams.leave_out(stream, erika.account_id, house.world.clock.time)
        await freeze_by_operator(house.world.services, NOWHERE, max_.account_id, "stolen")
        await house.publish()
        kept = await count(house.world, "security_event")

        if way == "stream":
            await house.streams.drop(stream)
        else:
            house.world.clock.move(seconds=(Retention().security_events + timedelta(seconds=1)).total_seconds())
            chores = Housekeeping(house.world.database, Retention())
            house.world.clock.move(seconds=HELD_FOR.total_seconds())
            await chores.purge("security_events", house.world.clock.time)

        assert (left_out, kept > 0) == (0, True)
        assert await count(house.world, "security_event") == 0
        assert await count(house.world, "stream_left_out") == (0 if way == "stream" else 1)


async def test_a_stream_that_was_changed_meanwhile_is_not_saved_over(database_url: str) -> None:
    async with a_house(database_url) as house, receiving() as listener:
        read = await house.pushed_to(listener)

        first = await house.streams.save(replace(read, description="one"), house.world.clock.time)
        second = await house.streams.save(replace(read, description="two"), house.world.clock.time)

        assert (first, second) == (True, False)
        kept = await house.streams.find("shop", read.stream_id)
        assert isinstance(kept, Stream)
        assert kept.description == "one"
        assert await house.streams.find("mill", read.stream_id) is None
        assert not await house.streams.add(replace(read, stream_id="x" * 32), 1)
