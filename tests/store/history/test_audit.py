"""The history: whatever is changed, dropped, reordered or cut off shows, and what is in order raises no alarm."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from renumber.crypto import CorruptSecret, KeyRing
from renumber.domain.email_address import EmailAddress
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.store.audit.anchors import Anchor
from renumber.store.audit.checkpoints import HELD_FOR, OVERLAP, Checkpoint, Checkpoints, Counts
from renumber.store.audit.marks import AT_ONCE
from renumber.store.audit.run import Run
from renumber.store.audit.verify import AuditVerifier
from tests.builders import NEW
from tests.flows.person import Person
from tests.flows.world import World, a_world
from tests.store.conftest import a_person
from tests.store.hands_on import change, count, look

OTHER_KEY = KeyRing.from_secret("another secret, of more than 32 bytes as well")


async def findings(
    world: World, account_id: str | None = None, *, keys: KeyRing | None = None, after: Sequence[Anchor] = ()
) -> list[str]:
    """Verify the whole history, or that of one account."""
    verifier = AuditVerifier(world.database, keys or world.keys, CorruptSecret, clock=world.clock)
    of_checkpoints = [sentence async for sentence in verifier.checkpoints(after)]
    return of_checkpoints + [str(finding) async for finding in verifier.chains(lambda _: None, account_id)]


async def sign(world: World) -> Checkpoint | None:
    """Write a checkpoint, as the housekeeping does."""
    world.clock.move(seconds=HELD_FOR.total_seconds())
    return await Checkpoints(world.database, world.keys, world.clock).write()


async def test_a_whole_journey_is_in_order_with_and_without_checkpoints(world: World, erika: Person) -> None:
    await erika.change_number(NEW)
    await erika.browser.give_password("nobody@example.com")

    before = await findings(world)
    await sign(world)
    after = await findings(world)

    assert before == after == []
    assert await findings(world, erika.account_id) == []


async def test_the_planner_knows_of_the_marks_of_the_first_checkpoint(postgresql_url: str) -> None:
    """It marks all chains at once, and each slice of the history that follows would be joined with all of them."""
    async with a_world(postgresql_url) as world:
        for name in ("erika", "max"):
            await (await a_person(world, f"{name}@example.com")).sign_in()

        await sign(world)

        [known] = await look(world, "SELECT reltuples FROM pg_class WHERE relname = 'audit_mark'")
        assert known["reltuples"] == await count(world, "audit_mark") > 1


TAMPERING = {
    "UPDATE audit SET act = 'signed_in' WHERE account_id = :id AND seq = 3": "row 3: it was changed or moved",
    "UPDATE audit SET at = at + 1 WHERE account_id = :id AND seq = 2": "row 2: it was changed or moved",
    "UPDATE audit SET actor = 'operator' WHERE account_id = :id AND seq = 4": "row 4: it was changed or moved",
    "UPDATE audit SET evidence = '' WHERE account_id = :id AND seq = 4": "row 4: it was changed or moved",
    "UPDATE audit SET subject = 'x' WHERE account_id = :id AND seq = 1": "row 1: it was changed or moved",
    "DELETE FROM audit WHERE account_id = :id AND seq = 2": "row 2: it is missing",
    "DELETE FROM audit WHERE account_id = :id AND seq IN (2, 3)": "row 2: it is missing (and all up to row 3)",
    "DELETE FROM audit WHERE account_id = :id": "row 1: it is missing (and all up to row 6)",
    "UPDATE audit SET seq = 9 WHERE account_id = :id AND seq = 5": "row 5: it is missing",
    "UPDATE audit SET hash = origin_digest WHERE account_id = :id AND seq = 2": "row 2: it was changed or moved",
    "UPDATE account SET audit_seq = 4 WHERE account_id = :id": "row 4: the account's mark",
    "UPDATE account SET audit_mac = audit_hash WHERE account_id = :id": "row 6: the account's mark",
}


@pytest.mark.parametrize("sql", TAMPERING)
async def test_a_changed_or_dropped_row_is_named(world: World, erika: Person, sql: str) -> None:
    await erika.sign_in()
    assert await count(world, "audit") == 6

    await change(world, sql, id=erika.account_id)

    found = await findings(world)
    assert any(f"Account {erika.account_id}, {TAMPERING[sql]}" in sentence for sentence in found), found
    assert await findings(world, erika.account_id) == found


async def test_only_the_altered_account_is_named(world: World, erika: Person) -> None:
    theo = await a_person(world, "theo@example.com")

    await change(world, "UPDATE audit SET act = 'signed_in' WHERE account_id = :id", id=theo.account_id)

    found = await findings(world)
    assert len(found) == 1
    assert theo.account_id in found[0]
    assert await findings(world, erika.account_id) == []


async def test_rows_that_changed_places_are_named(world: World, erika: Person) -> None:
    await erika.sign_in()
    for old, new in ((2, -1), (3, 2), (-1, 3)):
        move = "UPDATE audit SET seq = :new WHERE account_id = :id AND seq = :old"
        await change(world, move, id=erika.account_id, old=old, new=new)

    found = await findings(world)

    assert [sentence.partition(":")[0][-5:] for sentence in found] == ["row 2", "row 3", "row 4"]


async def test_an_origin_moved_in_from_another_row_is_named(world: World, erika: Person) -> None:
    await erika.sign_in()
    sql = "UPDATE audit SET origin = (SELECT origin FROM audit WHERE account_id = :id AND seq = 2) WHERE seq = 3"

    await change(world, sql, id=erika.account_id)

    assert any("row 3: where the act came from was changed" in sentence for sentence in await findings(world))


async def test_an_erased_origin_is_in_order(world: World, erika: Person) -> None:
    await erika.sign_in()

    await change(world, "UPDATE audit SET origin = NULL")

    assert await findings(world) == []


async def test_rows_put_behind_the_end_are_named(world: World, erika: Person) -> None:
    columns = "at, actor, act, subject, evidence, origin, origin_digest, hash"
    added = f"INSERT INTO audit (account_id, seq, {columns}) SELECT account_id, 2, {columns} FROM audit"  # noqa: S608

    await change(world, added)

    assert any("row 2: it was changed or moved" in sentence for sentence in await findings(world))


async def test_a_chain_whose_account_is_gone_is_named(world: World, erika: Person) -> None:
    await change(world, "DELETE FROM account WHERE account_id = :id", id=erika.account_id)

    assert any(erika.account_id in sentence for sentence in await findings(world))


async def test_a_history_written_with_another_key_is_named(world: World, erika: Person) -> None:
    assert any("was not made with the key" in sentence for sentence in await findings(world, keys=OTHER_KEY))


async def cut_back(world: World, account_id: str, *, act: Callable[[], Awaitable[object]]) -> None:
    """Keep the end of the chain as it is now, let something happen, and put the old end back: its mark is genuine."""
    head = (await look(world, "SELECT * FROM account WHERE account_id = :id", id=account_id))[0]
    await act()
    await sign(world)
    await change(world, "DELETE FROM audit WHERE account_id = :id AND seq > :s", id=account_id, s=head["audit_seq"])
    old = {"s": head["audit_seq"], "h": head["audit_hash"], "m": head["audit_mac"], "id": account_id}
    await change(
        world, "UPDATE account SET audit_seq = :s, audit_hash = :h, audit_mac = :m WHERE account_id = :id", **old
    )


async def test_a_chain_cut_back_behind_a_checkpoint_is_named(world: World, erika: Person) -> None:
    await cut_back(world, erika.account_id, act=erika.sign_in)

    found = await findings(world)

    assert found == [
        "Checkpoint 1 had counted more accounts or rows than there are.",
        f"Account {erika.account_id}, row 6: it is missing, though a signed checkpoint has seen it.",
    ]


async def test_a_chain_that_grew_again_after_it_was_cut_is_named(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(minutes=30)
    await cut_back(world, erika.account_id, act=erika.sign_in)
    world.clock.move(minutes=30)
    await erika.sign_in()

    found = await findings(world)

    assert found == [f"Account {erika.account_id}, row 10: it is not the row that a signed checkpoint has seen."]


async def test_an_account_that_vanished_whole_is_named_by_its_mark(world: World, erika: Person) -> None:
    await sign(world)
    for table in ("account", "audit"):
        await change(world, f"DELETE FROM {table} WHERE account_id = :id", id=erika.account_id)  # noqa: S608

    assert any(f"{erika.account_id}, row 1: it is missing" in sentence for sentence in await findings(world))


CHECKPOINTS = {
    "DELETE FROM audit_checkpoint WHERE number = 1": "Checkpoint 1 is missing.",
    "DELETE FROM audit_mark WHERE number = 2": "Checkpoint 2: its marks were changed.",
    "UPDATE audit_mark SET seq = seq - 1 WHERE number = 2": "Checkpoint 2: its marks were changed.",
    "UPDATE audit_checkpoint SET at = at + 1 WHERE number = 2": "Checkpoint 2: it was changed",
    "UPDATE audit_checkpoint SET at = 900000000000000000 WHERE number = 2": "Checkpoint 2: it was changed",
    "UPDATE audit_checkpoint SET digest = signature WHERE number = 1": "Checkpoint 1: it was changed",
    "UPDATE audit_checkpoint SET accounts = accounts - 1 WHERE number = 2": "Checkpoint 2: it was changed",
    "UPDATE audit_checkpoint SET rows_written = rows_written - 1 WHERE number = 1": "Checkpoint 1: it was changed",
    "UPDATE audit_checkpoint SET accounts = NULL, rows_written = NULL": "Checkpoint 1: it was changed",
}


@pytest.mark.parametrize("sql", CHECKPOINTS)
async def test_a_changed_checkpoint_is_named(world: World, erika: Person, sql: str) -> None:
    await sign(world)
    await erika.sign_in()
    await sign(world)
    assert await findings(world) == []

    await change(world, sql)

    assert any(CHECKPOINTS[sql] in sentence for sentence in await findings(world))


async def test_a_checkpoint_marks_what_moved_and_nothing_else(world: World, erika: Person) -> None:
    theo = await a_person(world, "theo@example.com")

    first = await sign(world)
    again = await sign(world)
    world.clock.move(seconds=OVERLAP.total_seconds())
    await theo.sign_in()
    second = await sign(world)

    assert first is not None
    assert first.chains == 2
    assert again is None
    assert second is not None
    assert (second.number, second.chains) == (2, 1)


async def test_more_chains_than_one_page_are_all_marked_and_verified(world: World) -> None:
    crowd = [
        Newcomer(email=EmailAddress(f"p{n}@example.com"), name="P", locale="de", number=None, password_hash="-")
        for n in range(AT_ONCE + 100)
    ]
    await enter_accounts(
        world.new_accounts, world.clock, world.keys, newcomers=crowd, joins=world.services.joins
    )  # all in one millisecond

    written = await sign(world)

    assert written is not None
    assert written.chains == len(crowd)
    assert await findings(world) == []


class Broken(Exception):
    """Somebody pulls the plug."""


async def test_a_run_that_was_broken_off_goes_on_behind_the_accounts_that_it_has_verified(world: World) -> None:
    crowd = [
        Newcomer(email=EmailAddress(f"p{n}@example.com"), name="P", locale="de", number=None, password_hash="-")
        for n in range(AT_ONCE + 100)
    ]
    await enter_accounts(world.new_accounts, world.clock, world.keys, newcomers=crowd, joins=world.services.joins)
    ids = sorted(row["account_id"] for row in await look(world, "SELECT account_id FROM account WHERE audit_seq > 0"))
    verifier = AuditVerifier(world.database, world.keys, CorruptSecret, clock=world.clock)
    reached, counted = Run(), [0]

    def count_rows(rows: int) -> None:
        counted[0] += rows

    def broken_off(run: Run) -> None:
        if run.after >= ids[0]:
            raise Broken

    reached.kept = lambda: broken_off(reached)
    with pytest.raises(Broken):
        await anext(verifier.chains(count_rows, None, reached), None)
    before = counted[0]
    await change(world, "UPDATE audit SET act = 'x' WHERE account_id = :id", id=ids[-1])
    rest = [str(each) async for each in verifier.chains(count_rows, None, Run(reached.after))]

    assert 0 < before < counted[0] == len(crowd)
    assert len(rest) == 1
    assert ids[-1] in rest[0]


async def test_of_two_processes_that_sign_at_once_one_does(world: World, erika: Person) -> None:
    writers = [Checkpoints(world.database, world.keys, world.clock) for _ in range(2)]

    written = await asyncio.gather(*(writer.write() for writer in writers))

    assert sum(1 for checkpoint in written if checkpoint) == 1
    assert await findings(world) == []


async def test_marks_of_a_run_that_was_broken_off_count_for_nothing(world: World, erika: Person) -> None:
    mark = "INSERT INTO audit_mark (account_id, number, seq, hash) SELECT account_id, 1, 77, audit_hash FROM account"
    await change(world, mark)

    before = await findings(world)
    await sign(world)

    assert before == await findings(world) == []


async def test_what_happens_while_the_first_checkpoint_is_written_is_under_it_as_well(
    world: World, erika: Person
) -> None:
    writer, asked = Checkpoints(world.database, world.keys, world.clock), []
    is_mine = writer._is_mine

    async def acting_meanwhile() -> bool:
        asked.append(True)
        if len(asked) == 2:  # the ends of all chains are read by now, and not yet kept
            await erika.sign_in()
        return await is_mine()

    writer._is_mine = acting_meanwhile  # type: ignore[method-assign]
    await writer.write()

    ends = "SELECT m.seq, a.audit_seq FROM audit_mark m JOIN account a ON a.account_id = m.account_id"
    found = await look(world, ends)
    assert found
    assert [row["seq"] for row in found] == [row["audit_seq"] for row in found]
    assert await findings(world) == []


async def test_an_account_in_use_raises_no_alarm_while_it_is_verified(world: World, erika: Person) -> None:
    async def live() -> None:
        for _ in range(12):
            await erika.browser.give_password("nobody@example.com")
            world.clock.move(minutes=5)

    living = asyncio.create_task(live())
    found: list[str] = []
    while not living.done():
        found += await findings(world)
        await asyncio.sleep(0)
    await living

    assert found == []


async def test_a_later_checkpoint_adds_what_came_since_to_the_counts_of_the_one_before(
    world: World, erika: Person
) -> None:
    first = await sign(world)
    world.clock.move(hours=1)
    await erika.sign_in()
    await a_person(world, "theo@example.com")
    second = await sign(world)
    rows = sum(row["audit_seq"] for row in await look(world, "SELECT audit_seq FROM account"))

    assert first is not None
    assert second is not None
    assert first.counts == Counts(1, 1)
    assert second.counts == Counts(2, rows)
    assert await findings(world) == []
