"""Messages are settled at once, and together where several are ready; each by itself whether it is still ours."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from renumber.domain.messages.message import Claimed, Dead, Expired, Retry, Sent, Settlement
from renumber.store.database.interface import StoreBusy
from renumber.store.database.open import Statement, Values, counting
from renumber.store.messages.outbox import StoredOutbox
from renumber.store.messages.settlements import AT_ONCE
from tests.delivery.builders import a_message
from tests.flows.person import a_person
from tests.flows.world import World, a_world
from tests.store.hands_on import look


async def claimed(world: World, count: int) -> list[Claimed]:
    """Claim so many messages of somebody."""
    person = await a_person(world)
    async with world.services.store.work(person.account_id) as work:
        work.record(
            [], [replace(a_message(), account_id=person.account_id, created_at=world.clock.time) for _ in range(count)]
        )
    now = world.clock.time
    return [*await world.outbox.claim(count, "tests", now=now, until=now + timedelta(seconds=120))]


async def settle_all(world: World, pairs: Sequence[tuple[Claimed, Settlement]]) -> list[bool]:
    """Settle these at the same time."""
    return await asyncio.gather(*(world.outbox.settle(one, with_, world.clock.time) for one, with_ in pairs))


async def states(world: World) -> list[tuple[str, str | None]]:
    rows = await look(world, "SELECT state, outcome FROM outbox ORDER BY state, outcome")
    return [(row["state"], row["outcome"]) for row in rows]


async def test_what_is_ready_at_once_is_settled_by_one_statement_and_one_commit(database_url: str) -> None:
    async with a_world(database_url) as world:
        messages = await claimed(world, AT_ONCE)

        with counting() as counted:
            settled = await settle_all(world, [(one, Sent("mail")) for one in messages])

        assert settled == [True] * AT_ONCE
        assert (counted.statements, counted.commits) == (1, 1)
        assert await states(world) == [("sent", "mail")] * AT_ONCE


async def test_a_single_one_waits_for_no_other(database_url: str) -> None:
    async with a_world(database_url) as world:
        (message,) = await claimed(world, 1)

        with counting() as counted:
            assert await world.outbox.settle(message, Sent("mail"), world.clock.time)

        assert (counted.statements, counted.commits) == (1, 1)


async def test_each_outcome_is_kept_for_its_own_message(database_url: str) -> None:
    async with a_world(database_url) as world:
        outcomes: list[Settlement] = [Sent("one"), Expired(), Dead("no"), Retry(world.clock.time, "busy"), Sent("two")]
        outcomes += [Sent("three")] * AT_ONCE
        messages = await claimed(world, len(outcomes))

        assert all(await settle_all(world, [*zip(messages, outcomes, strict=True)]))

        found = await states(world)
        assert [one for one in found if one[1] != "three"] == [
            ("dead", "no"), ("expired", None), ("sent", "one"), ("sent", "two"), ("waiting", "busy")
        ]  # fmt: skip
        assert found.count(("sent", "three")) == AT_ONCE


async def test_one_whose_claim_has_lapsed_is_lost_and_the_others_are_not(database_url: str) -> None:
    async with a_world(database_url) as world:
        lost, *others = await claimed(world, 3)
        theirs = replace(lost, claim="another")

        assert await settle_all(world, [(one, Sent("mail")) for one in (theirs, *others)]) == [False, True, True]


class Failing(StoredOutbox):
    """An outbox on a database that refuses its first statement."""

    def __init__(self, world: World) -> None:
        super().__init__(world.database, world.keys)
        self.asked = 0
        self._run_each = world.database.run_each
        world.database.run_each = self.run_each  # type: ignore[method-assign]  # a database that fails once

    async def run_each(self, statement: Statement, rows: Sequence[Values]) -> list[int]:
        self.asked += 1
        if self.asked == 1:
            raise StoreBusy("locked")
        return await self._run_each(statement, rows)


async def test_a_fault_is_told_to_those_whose_statement_it_was_and_to_nobody_else(database_url: str) -> None:
    async with a_world(database_url) as world:
        messages = await claimed(world, AT_ONCE + 1)
        outbox = Failing(world)

        told = await asyncio.gather(
            *(outbox.settle(one, Sent("mail"), world.clock.time) for one in messages), return_exceptions=True
        )

        assert [type(one) for one in told] == [StoreBusy] * AT_ONCE + [bool]
        assert await outbox.settle(messages[0], Sent("mail"), world.clock.time), "and it goes on"


@pytest.mark.parametrize("given_up", [0, 1])
async def test_who_no_longer_waits_holds_up_nobody(database_url: str, given_up: int) -> None:
    async with a_world(database_url) as world:
        messages = await claimed(world, 2)
        tasks = [asyncio.create_task(world.outbox.settle(one, Sent("mail"), world.clock.time)) for one in messages]
        await asyncio.sleep(0)
        tasks[given_up].cancel()

        assert await tasks[1 - given_up]
