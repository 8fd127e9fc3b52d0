"""Marks don't outlive the history: the newest of each chain is carried on under a signature, the others are purged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from renumber.policies.audit.retention import HistoryRetention
from renumber.store.audit.checkpoints import Checkpoint
from tests.flows.person import Person
from tests.flows.world import World
from tests.store.conftest import a_person
from tests.store.hands_on import change, look
from tests.store.history.test_audit import findings, sign
from tests.store.history.test_retention import upkeep

YEAR = timedelta(days=365)
PURGING = HistoryRetention(strangers=YEAR, entries=YEAR)


async def marks(world: World) -> list[tuple[int, int]]:
    """Count the marks of each checkpoint that has any."""
    rows = await look(world, "SELECT number, count(*) AS marks FROM audit_mark GROUP BY number ORDER BY number")
    return [(row["number"], row["marks"]) for row in rows]


async def keep_house(world: World) -> Checkpoint | None:
    """Purge what is over, write a checkpoint, and purge what it carries."""
    await upkeep(world, PURGING).keep(world.clock.time)
    signed = await sign(world)
    await upkeep(world, PURGING).keep(world.clock.time)
    return signed


async def a_year_on(world: World, erika: Person) -> Person:
    """Let two people sign in under a checkpoint each, and one of them again a year later; give the other."""
    theo = await a_person(world, "theo@example.com")
    for _ in range(3):
        await sign(world)
        world.clock.move(hours=1)
        await erika.sign_in()
    await sign(world)
    world.clock.move(days=366)
    await erika.sign_in()
    return theo


async def test_of_what_is_older_than_all_rows_the_newest_mark_of_each_chain_is_left(
    world: World, erika: Person
) -> None:
    await a_year_on(world, erika)
    assert len(await marks(world)) == 4

    signed = await keep_house(world)
    assert signed
    [(number, left)] = await marks(world)
    assert (number, left, signed.carried) == (5, signed.chains, 4)
    assert left >= 2, "the one who came back, and the one who didn't"
    assert await findings(world) == []
    assert await findings(world, erika.account_id) == []


async def test_it_is_carried_again_when_its_time_is_over_again(world: World, erika: Person) -> None:
    theo = await a_year_on(world, erika)
    await keep_house(world)
    world.clock.move(days=366)
    await erika.sign_in()

    await keep_house(world)

    rows = await look(world, "SELECT number, seq FROM audit_mark WHERE account_id = :id", id=theo.account_id)
    assert [(row["number"], row["seq"]) for row in rows] == [(6, 1)]
    assert await findings(world) == []
    await theo.sign_in()
    world.clock.move(hours=1)
    await sign(world)
    assert await findings(world) == [], "its rows are counted once"


async def test_as_long_as_its_history_is_kept_no_mark_goes(world: World, erika: Person) -> None:
    await a_year_on(world, erika)

    signed = await sign(world)
    await upkeep(world, replace(PURGING, entries=timedelta(0))).keep(world.clock.time)

    assert signed
    assert signed.carried == 0
    assert len(await marks(world)) == 5


async def test_what_was_altered_is_not_carried_and_stays_named(world: World, erika: Person) -> None:
    theo = await a_year_on(world, erika)
    await change(world, "DELETE FROM audit_mark WHERE account_id = :id", id=theo.account_id)

    signed = await keep_house(world)

    assert signed
    assert signed.carried == 0
    assert "Checkpoint 1: its marks were changed." in await findings(world)


@pytest.mark.parametrize(
    "sql", ["UPDATE audit_checkpoint SET carried = 5 WHERE number = 5", "DELETE FROM audit_mark WHERE number = 5"]
)
async def test_a_word_that_the_key_has_not_signed_purges_nothing_unseen(world: World, erika: Person, sql: str) -> None:
    await a_year_on(world, erika)
    await keep_house(world)

    await change(world, sql)

    assert [sentence for sentence in await findings(world) if sentence.startswith("Checkpoint 5: its ")] or [
        sentence for sentence in await findings(world) if sentence.startswith("Checkpoint 5: it was changed")
    ]


async def test_a_forged_word_of_carrying_is_not_signed_by_the_next_checkpoint(world: World, erika: Person) -> None:
    await a_year_on(world, erika)
    await sign(world)
    await change(world, "UPDATE audit_checkpoint SET carried = 4 WHERE number = 5")
    await change(world, "DELETE FROM audit_mark WHERE number < 5")
    world.clock.move(hours=1)
    await erika.sign_in()

    signed = await sign(world)

    assert signed
    assert signed.carried == 0
    assert "Checkpoint 1: its marks were changed." in await findings(world)


async def test_an_account_that_vanished_long_after_its_history_was_purged_is_named(world: World, erika: Person) -> None:
    theo = await a_year_on(world, erika)
    await keep_house(world)

    for table in ("audit_start", "email_lookup", "authenticator", "account"):
        await change(world, f"DELETE FROM {table} WHERE account_id = :id", id=theo.account_id)  # noqa: S608 - ours

    assert [each for each in await findings(world) if theo.account_id in each and "signed checkpoint" in each]
