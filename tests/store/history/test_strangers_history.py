"""What those were refused who named no account is purged in time, and what is left of their history verifies."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest

from renumber.crypto import CorruptSecret, KeyRing
from renumber.domain.email_address import EmailAddress
from renumber.flows.services import nobody
from renumber.policies.audit.retention import HistoryRetention
from renumber.policies.limits import Limits
from renumber.store.audit.purge import AT_ONCE, HistoryPurge
from renumber.store.audit.start import Start
from renumber.store.audit.upkeep import HistoryUpkeep
from renumber.store.audit.verify import AuditVerifier
from renumber.store.database.open import Database, Row, Statement, Values
from renumber.store.database.statement import NOTHING
from tests.flows.person import Browser, Person
from tests.flows.world import World
from tests.store.hands_on import change, look
from tests.store.history.long_chain import write_many
from tests.store.history.test_audit import findings, sign

KEPT_FOR = Limits().strangers_kept_for
RETENTION = HistoryRetention(strangers=KEPT_FOR)


def upkeep(world: World) -> HistoryUpkeep:
    """The upkeep as the housekeeping does it."""
    return HistoryUpkeep(world.database, world.keys, RETENTION)


STRANGER = "nobody@example.com"


def nobodys(world: World) -> str:
    """The account whose history is that of the strangers of these tests."""
    return nobody(world.services, EmailAddress(STRANGER).key)


async def strangers(world: World, times: int) -> None:
    """Let people come who have no account, each from a browser of their own."""
    for _ in range(times):
        world.clock.move(minutes=30)
        await Browser(world).give_password(STRANGER)


async def rows_of(world: World, account_id: str) -> list[int]:
    """Read which rows of a history are there."""
    rows = await look(world, "SELECT seq FROM audit WHERE account_id = :id ORDER BY seq", id=account_id)
    return [row["seq"] for row in rows]


async def a_purged_history(world: World) -> None:
    """Let eight strangers come, the first five of them too long ago."""
    await strangers(world, 5)
    await sign(world)
    world.clock.move(days=KEPT_FOR.days)
    await strangers(world, 3)
    await sign(world)
    await upkeep(world).keep(world.clock.time)


async def test_old_rows_of_strangers_are_purged_and_the_rest_verifies(world: World, erika: Person) -> None:
    await erika.sign_in()
    hers = await rows_of(world, erika.account_id)

    await a_purged_history(world)

    assert await rows_of(world, nobodys(world)) == [6, 7, 8]
    assert await rows_of(world, erika.account_id) == hers
    assert await findings(world) == []
    assert await findings(world, nobodys(world)) == []


async def test_a_row_is_kept_to_the_end_of_its_time_and_no_longer(world: World, erika: Person) -> None:
    await strangers(world, 1)
    world.clock.move(seconds=KEPT_FOR.total_seconds())
    await upkeep(world).keep(world.clock.time)
    in_time = await rows_of(world, nobodys(world))
    world.clock.move(seconds=1)
    await upkeep(world).keep(world.clock.time)

    assert in_time == [1]
    assert await rows_of(world, nobodys(world)) == []
    await strangers(world, 2)
    assert await rows_of(world, nobodys(world)) == [2, 3]
    assert await findings(world, nobodys(world)) == []


async def test_more_rows_than_one_transaction_deletes_go_too(world: World, erika: Person) -> None:
    await strangers(world, 1)
    await write_many(world, nobodys(world), AT_ONCE + 2)
    world.clock.move(days=KEPT_FOR.days + 1)

    await upkeep(world).keep(world.clock.time)

    assert await rows_of(world, nobodys(world)) == []


TAMPERING = {
    "DELETE FROM audit WHERE account_id = :id AND seq = 6": "row 6: it is missing",
    "UPDATE audit_start SET seq = 6 WHERE account_id = :id": "row 1: it is missing (and all up to row 5)",
    "UPDATE audit_start SET hash = signature WHERE account_id = :id": "row 1: it is missing (and all up to row 5)",
    "DELETE FROM audit_start WHERE account_id = :id": "row 1: it is missing (and all up to row 5)",
    "DELETE FROM audit WHERE account_id = :id": "row 6: it is missing (and all up to row 8)",
    "UPDATE audit SET act = 'signed_in' WHERE account_id = :id AND seq = 6": "row 6: it was changed or moved",
}


@pytest.mark.parametrize("sql", TAMPERING)
async def test_nobody_else_can_make_a_beginning(world: World, erika: Person, sql: str) -> None:
    await a_purged_history(world)

    await change(world, sql, id=nobodys(world))

    assert any(f"Account {nobodys(world)}, {TAMPERING[sql]}" in sentence for sentence in await findings(world))


async def test_a_beginning_signed_with_another_key_counts_for_nothing(world: World, erika: Person) -> None:
    await erika.sign_in()
    (row,) = await look(world, "SELECT hash FROM audit WHERE account_id = :id AND seq = 3", id=erika.account_id)
    others = KeyRing.from_secret("another secret, of more than 32 bytes as well")
    forged = Start(erika.account_id, 3, bytes(row["hash"])).signed(others)
    put = "INSERT INTO audit_start (account_id, seq, hash, signature) VALUES (:account_id, :seq, :hash, :signature)"
    await change(world, put, **forged)

    await change(world, "DELETE FROM audit WHERE account_id = :id AND seq <= 3", id=erika.account_id)

    assert any("row 1: it is missing (and all up to row 3)" in sentence for sentence in await findings(world))


@dataclass
class PurgedBetweenReads:
    """A database in which the oldest row that is left of the strangers is purged before each read."""

    world: World
    purges: int = 0

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        self.purges += 1
        self.world.clock.move(minutes=30)
        await HistoryPurge(self.world.database, self.world.keys, RETENTION).strangers(self.world.clock.time)
        return await self.world.database.fetch(statement, values)


async def test_a_history_that_is_purged_while_it_is_verified_raises_no_alarm(world: World, erika: Person) -> None:
    await strangers(world, 24)
    await sign(world)
    world.clock.move(seconds=(KEPT_FOR - timedelta(hours=12)).total_seconds())
    between = PurgedBetweenReads(world)
    verifier = AuditVerifier(cast(Database, between), world.keys, CorruptSecret, clock=world.clock)

    found = [str(finding) async for finding in verifier.chains(lambda _: None, nobodys(world))]

    assert 2 < between.purges < 24
    assert 0 < len(await rows_of(world, nobodys(world))) < 24
    assert found == []
