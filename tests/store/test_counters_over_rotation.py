"""A count goes on over a rotation of the key, whenever that comes: no limit starts anew."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from renumber.crypto import KeyRing, add_key, retire_previous
from renumber.domain.oidc.request import AuthorizationRequest
from renumber.flows.ports.oidc import KeptRequest
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Bucket, Quota
from renumber.policies.limits import Allowance
from renumber.policies.oidc.lifetimes import KEPT_FROM_PLACE
from renumber.store.authorization_requests import StoredRequests
from renumber.store.kept_answers import StoredQuotas
from renumber.store.keys.retirement import needs
from renumber.store.keys.rotation import Rotation
from renumber.store.records.mapper import ms
from tests.flows.world import World, a_world
from tests.store.conftest import a_person

ALLOWANCES = (Allowance(3, timedelta(minutes=10)), Allowance(6, timedelta(days=1)))
FREE = 2
STEADY = KeyRing.from_secret("f" * 64)  # never rotated: what is counted with it is how it has to be


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """An installation with a key that can be rotated."""
    async with a_world(database_url, keys=KeyRing.from_file(tmp_path / "key")) as opened:
        yield opened


class Rotating:
    """Two installations side by side, of which one rotates its key and drops the old one once it may."""

    def __init__(self, world: World, account_id: str, key_file: Path) -> None:
        self.world, self.account_id, self.key_file = world, account_id, key_file
        self.rotated_at: int | None = None

    @property
    def rings(self) -> tuple[KeyRing, KeyRing]:
        return STEADY, KeyRing.from_file(self.key_file)

    async def take(self) -> None:
        """Take one of a quota."""
        answers = []
        for ring in self.rings:
            async with self.world.services.store.work(self.account_id) as work:
                quota = Quota(ring.fingerprints(KeyedHash.SENDS_TO_IP, "somebody"), ALLOWANCES)
                answers.append(await work.take([quota], self.world.clock.now()))
        assert answers[0] == answers[1]

    async def fail(self) -> None:
        """Guess a password."""
        throttle, now = self.world.services.throttle, self.world.clock.now()
        buckets = [Bucket(ring.fingerprints(KeyedHash.FAILURES_OF_ACCOUNT, "somebody"), FREE) for ring in self.rings]
        answers = [await throttle.reserve([bucket], now) for bucket in buckets]
        assert answers[0] == answers[1]

    async def succeed(self) -> None:
        """Give the right password."""
        for ring in self.rings:
            async with self.world.services.store.work(self.account_id) as work:
                work.forget(ring.fingerprints(KeyedHash.FAILURES_OF_ACCOUNT, "somebody"))

    async def rotate(self) -> None:
        """Make a new key, or drop the old one where nothing needs it any more."""
        if self.rotated_at is None:
            add_key(self.key_file)
            self.rotated_at = ms(self.world.clock.now())
            await Rotation(self.world.database, KeyRing.from_file(self.key_file), self.world.clock).run(lambda _: None)
            return
        needed = await needs(
            self.world.database,
            KeyRing.from_file(self.key_file).current,
            started_at=self.rotated_at,
            now=self.world.clock.now(),
            reset_for=timedelta(0),
        )
        if not any(need.what.startswith("count") for need in needed):
            retire_previous(self.key_file)
            self.rotated_at = None


@pytest.mark.parametrize("seed", range(6))
async def test_whenever_the_key_is_rotated_every_limit_answers_as_if_it_were_not(
    world: World, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a sequence that can be repeated
    person = await a_person(world, "erika@example.com")
    rotating = Rotating(world, person.account_id, tmp_path / "key")
    acts = [rotating.take, rotating.fail, rotating.take, rotating.fail, rotating.succeed, rotating.rotate]

    for _ in range(60):
        await chance.choice(acts)()
        world.clock.move(seconds=chance.choice((0.5, 20, 300, 4_000, 30_000)))


async def test_what_was_refused_after_the_rotation_is_counted_on_once_the_old_key_is_gone(
    world: World, tmp_path: Path
) -> None:
    person = await a_person(world, "erika@example.com")
    rotating = Rotating(world, person.account_id, tmp_path / "key")
    for _ in range(3):
        await rotating.take()
        await rotating.fail()
        world.clock.move(seconds=1)

    await rotating.rotate()
    world.clock.move(seconds=1)
    await rotating.take()  # refused: nothing is counted, and what was counted is carried over
    await rotating.fail()
    await rotating.rotate()

    assert rotating.rotated_at is None
    await rotating.take()
    await rotating.fail()


async def test_the_old_key_is_needed_while_something_is_counted_under_it_alone(world: World, tmp_path: Path) -> None:
    person = await a_person(world, "erika@example.com")
    rotating = Rotating(world, person.account_id, tmp_path / "key")
    await rotating.take()
    world.clock.move(seconds=1)
    await rotating.rotate()

    await rotating.rotate()
    early = rotating.rotated_at
    world.clock.move(days=1)
    await rotating.rotate()

    assert early is not None
    assert rotating.rotated_at is None


Take = Callable[[World, tuple[bytes, ...]], Awaitable[datetime | None]]


async def take_call(world: World, keys: tuple[bytes, ...]) -> datetime | None:
    """A call of an API key that may make one a minute."""
    return (await StoredQuotas(world.database).take(keys, 1, world.clock.now()))[0]


async def take_request(world: World, keys: tuple[bytes, ...]) -> datetime | None:
    """A request of an application, from a place that has brought all but one of those it may."""
    request = AuthorizationRequest(
        client_id="shop", redirect_uri="https://shop.example", scopes=frozenset(), asked_at=world.clock.now()
    )
    kept = KeptRequest(world.keys.new_id(), request, world.clock.now())
    return await StoredRequests(world.database, world.keys).admit(kept, keys, world.clock.now())


@pytest.mark.parametrize(("take", "most"), [(take_call, 1), (take_request, KEPT_FROM_PLACE.count)])
async def test_a_refusal_brings_the_count_under_the_new_key_too(
    world: World, tmp_path: Path, take: Take, most: int
) -> None:
    before = world.keys.fingerprints(KeyedHash.API_CALLS, "somebody")
    for _ in range(most):
        assert await take(world, before) is None

    add_key(tmp_path / "key")
    now = KeyRing.from_file(tmp_path / "key").fingerprints(KeyedHash.API_CALLS, "somebody")
    assert now[0] not in before
    assert await take(world, now)

    assert await take(world, (now[0], now[0])), "the old key is gone, and the count is not"
