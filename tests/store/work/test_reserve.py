"""A try is counted ahead without a lock, and parallel tries still can't outrun the count."""

import asyncio

from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Bucket
from renumber.store.database.open import counting
from tests.flows.world import World, a_world

FREE = 3


def of_account(world: World) -> Bucket:
    return Bucket(world.keys.fingerprints(KeyedHash.FAILURES_OF_ACCOUNT, "erika"), FREE)


def of_address(world: World, free: int = 100) -> Bucket:
    return Bucket(world.keys.fingerprints(KeyedHash.FAILURES_FROM_IP, "203.0.113.7"), free, counted_ahead=False)


async def test_of_parallel_tries_as_many_pass_as_are_free(database_url: str) -> None:
    async with a_world(database_url) as world:
        buckets, throttle = [of_account(world), of_address(world)], world.services.throttle

        waits = await asyncio.gather(*(throttle.reserve(buckets, world.clock.time) for _ in range(4 * FREE)))

        assert waits.count(None) == FREE
        assert await throttle.reserve(buckets, world.clock.time)


async def test_a_try_is_one_look_and_one_commit(database_url: str) -> None:
    async with a_world(database_url) as world:
        buckets, throttle = [of_account(world), of_address(world)], world.services.throttle

        for _ in range(FREE):
            with counting() as counted:
                assert await throttle.reserve(buckets, world.clock.time) is None
            assert (counted.statements, counted.commits) == (2, 1)
        with counting() as refused:
            assert await throttle.reserve(buckets, world.clock.time)
        assert (refused.statements, refused.commits) == (1, 0)


async def test_failures_from_an_address_count_for_whoever_comes_next(database_url: str) -> None:
    async with a_world(database_url) as world:
        ahead = Bucket(of_address(world).keys, 2)
        for _ in range(2):
            assert await world.services.throttle.reserve([ahead], world.clock.time) is None

        assert await world.services.throttle.reserve([of_account(world), of_address(world, 2)], world.clock.time)
