"""The end of the history: what is cut off with its checkpoints is found by anchors, and what none vouches for shows.

(SECURITY 53.)
"""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import insert

from renumber.policies.retention import CHECKPOINT_WITHIN
from renumber.store.audit.anchors import Anchor, anchor_of, anchors_in
from renumber.store.audit.checkpoints import newest_checkpoint
from renumber.store.database.open import Statement
from renumber.store.schema import tables
from tests.flows.person import Person
from tests.flows.world import World
from tests.store.conftest import a_person, erase
from tests.store.hands_on import change, everything, look
from tests.store.history.test_audit import findings, sign

HISTORY = (tables.account, tables.audit, tables.audit_mark, tables.audit_checkpoint)


@dataclass
class Backup:
    """All that the history rests on in the database, as it was; everything in it is genuine."""

    rows: dict[str, list[dict[str, Any]]]

    @classmethod
    async def of(cls, world: World) -> "Backup":
        return cls(await everything(world))

    async def put_back(self, world: World) -> None:
        """Cut off all that came later."""
        for table in HISTORY:
            await change(world, f"DELETE FROM {table.name}")  # noqa: S608 - our own names
            for row in self.rows[table.name]:
                await world.database.run(Statement(insert(table)), row)


async def signed(world: World) -> Anchor:
    """Write a checkpoint, and keep the line that the log has of it."""
    checkpoint = await sign(world)
    assert checkpoint
    line = f'{{"event":"history_signed","anchor":"{anchor_of(checkpoint)}","level":"info"}}'
    (anchor,) = anchors_in([line, "another line", line])
    return anchor


async def test_whatever_is_cut_off_after_it_was_signed_is_named_by_every_later_anchor(
    world: World, erika: Person
) -> None:
    backups, anchors = [await Backup.of(world)], [await signed(world)]
    for _ in range(3):
        world.clock.move(hours=1)
        await erika.sign_in()
        backups.append(await Backup.of(world))
        anchors.append(await signed(world))
    assert await findings(world, after=anchors) == []

    for signatures, backup in reversed(list(enumerate(backups))):
        await backup.put_back(world)
        for number, anchor in enumerate(anchors):
            found = [sentence for sentence in await findings(world, after=[anchor]) if "anchor" in sentence]
            is_cut = number >= signatures
            assert [f"Checkpoint {number + 1} of the anchor is missing" in sentence for sentence in found] == (
                [True] if is_cut else []
            )
        assert len([each for each in await findings(world, after=anchors) if "anchor" in each]) == 4 - signatures


async def test_a_history_that_went_on_and_was_signed_again_after_a_cut_is_not_that_of_the_anchor(
    world: World, erika: Person
) -> None:
    await signed(world)
    before = await Backup.of(world)
    world.clock.move(hours=1)
    await erika.sign_in()
    anchor = await signed(world)

    await before.put_back(world)
    world.clock.move(hours=1)
    await erika.browser.give_password("nobody@example.com")
    await erika.sign_in()
    await signed(world)

    assert await findings(world) == []
    (found,) = await findings(world, after=[anchor])
    assert found.startswith("Checkpoint 2 is not the one of the anchor, which had seen ")


async def test_an_account_that_vanished_with_all_that_knew_it_is_named_by_the_anchor(
    world: World, erika: Person
) -> None:
    await signed(world)
    before = await Backup.of(world)
    world.clock.move(hours=1)
    await a_person(world, "theo@example.com")
    anchor = await signed(world)

    await before.put_back(world)

    assert [each for each in await findings(world, after=[anchor]) if "Checkpoint 2 of the anchor is missing" in each]


async def test_rows_are_a_finding_once_a_checkpoint_was_due_for_them(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(seconds=CHECKPOINT_WITHIN.total_seconds())
    just_in_time = await findings(world)
    world.clock.move(minutes=1)

    late = await findings(world)
    of_her = await findings(world, erika.account_id)
    await sign(world)

    assert just_in_time == []
    assert len(late) == 1
    assert late[0].startswith(
        "6 row(s), the oldest of 2026-11-24 08:00 UTC, are under no checkpoint, though one is due"
    )
    assert of_her == late
    assert await findings(world) == []


async def test_what_the_newest_checkpoints_covered_shows_when_they_are_taken_away(world: World, erika: Person) -> None:
    await signed(world)
    world.clock.move(hours=1)
    await erika.sign_in()
    await signed(world)
    world.clock.move(hours=1, minutes=16)
    assert await findings(world) == []

    for table in ("audit_checkpoint", "audit_mark"):
        await change(world, f"DELETE FROM {table} WHERE number = 2")  # noqa: S608 - our own names

    (found,) = await findings(world)
    assert found.startswith("5 row(s), the oldest of ")


async def test_a_checkpoint_counts_accounts_and_rows_and_what_is_there_is_held_against_it(
    world: World, erika: Person
) -> None:
    theo = await a_person(world, "theo@example.com")
    await erika.sign_in()
    await erase(world, theo)
    counted = await sign(world)
    assert counted
    assert counted.counts
    rows = sum(row["audit_seq"] for row in await look(world, "SELECT audit_seq FROM account"))
    assert (counted.counts.accounts, counted.counts.rows) == (2, rows)

    await change(world, "UPDATE account SET audit_seq = audit_seq - 1 WHERE account_id = :id", id=erika.account_id)

    assert "Checkpoint 1 had counted more accounts or rows than there are." in await findings(world)


async def of_before(world: World) -> None:
    """Make the newest checkpoint one of a version that didn't count."""
    newest = await newest_checkpoint(world.database)
    assert newest
    rows = await look(world, "SELECT signature FROM audit_checkpoint WHERE number = :before", before=newest.number - 1)
    before = bytes(rows[0]["signature"]) if rows else b""
    signature = world.keys.sign(replace(newest, counts=None).payload(before))
    without = "UPDATE audit_checkpoint SET accounts = NULL, rows_written = NULL, signature = :signature"
    await change(world, f"{without} WHERE number = :number", number=newest.number, signature=signature)


async def test_checkpoints_of_a_version_that_did_not_count_go_on_verifying(world: World, erika: Person) -> None:
    for _ in range(2):
        await sign(world)
        await of_before(world)
        world.clock.move(hours=1)
        await erika.sign_in()
    third = await sign(world)

    assert third
    assert third.number == 3
    assert await findings(world, after=[anchor for anchor in [anchor_of(third)] if anchor]) == []


async def test_after_checkpoints_with_counts_there_is_none_without(world: World, erika: Person) -> None:
    await sign(world)
    world.clock.move(hours=1)
    await erika.sign_in()
    await sign(world)

    await of_before(world)

    assert "Checkpoint 2 counts fewer accounts or rows than the one before." in await findings(world)


@pytest.mark.parametrize(
    "line", ["", "renumber-audit/1/2/3", "no anchor", f"renumber-audit/1/2/x/4/{'0' * 64}", "12", "{}"]
)
def test_a_line_without_an_anchor_gives_none(line: str) -> None:
    assert anchors_in([line]) == []
