"""Nothing on a hot path reads a table from end to end, however it grows: neither people, nor senders, nor housekeeping.

The plans are those that are kept for all values, of a database with some thousand accounts, since small tables are
rightly read whole.
"""

import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text, text

from bench.fill import fill
from renumber.flows.housekeeping import keep_house
from renumber.policies.audit.retention import HistoryRetention
from renumber.store.audit.checkpoints import Checkpoints
from renumber.store.audit.upkeep import HistoryUpkeep
from renumber.store.database.open import open_database
from renumber.store.database.statement import Statement
from renumber.store.health import Health
from renumber.store.schema.tables import metadata
from tests.builders import NEW
from tests.flows.person import Person, a_person
from tests.flows.world import World, a_world
from tests.store.hands_on import change, count
from tests.store.plans.explained import Explained

ACCOUNTS = 3_000
FAR = 1 << 50  # milliseconds
# Read whole at all sizes, since they hold a row for each task, server or checkpoint, and never many.
FEW = {"lease", "event_position", "webhook_switch", "key_rotation", "server_key", "stream", "audit_checkpoint"}


async def sign_in_and_change(world: World, person: Person) -> None:
    """Sign in, change the number, look at the account, and let all messages leave."""
    await person.change_number(NEW)
    assert await person.browser.is_signed_in()
    await world.reads.profile(person.account_id, world.clock.time, idle_since=world.clock.time - timedelta(hours=1))
    await world.deliver()


async def keep_all(world: World) -> None:
    """Do what the background does: purge, sign the history, and look at the service's health."""
    await keep_house(world.services, world.chores)
    await HistoryUpkeep(world.database, world.keys, HistoryRetention(strangers=timedelta(days=30))).keep(
        world.clock.time
    )
    await Checkpoints(world.database, world.keys, world.clock).write()
    await Health(world.database).backlog(world.clock.time)


async def fill_with_others(url: str) -> None:
    """Let some thousand others have signed in, and some of them have changed their number."""
    async with a_world(url) as world:
        one, other = [await a_person(world, f"{name}@example.com") for name in ("one", "other")]
        await one.sign_in()
        await other.change_number(NEW)
        await world.deliver()
    await fill(url, ACCOUNTS, signed_in=one.account_id, changed=other.account_id)
    async with a_world(url) as world:
        for table in metadata.sorted_tables:
            if table.name not in FEW and not await count(world, table.name) > ACCOUNTS / 2:
                await change(world, _a_row_for_each(table))
        await change(world, "ANALYZE")


def _a_row_for_each(table: Table) -> str:
    """Give a row to each account of a table of which the others have left few; all of them end in a far future."""
    values = [f"a.{column.name}" if column.name == "account_id" else _some(column) for column in table.c]
    names = ", ".join(column.name for column in table.c)
    some = f"SELECT account_id, row_number() OVER () AS n FROM account OFFSET {ACCOUNTS // 10}"  # noqa: S608 - our own tables
    return f"INSERT INTO {table.name} ({names}) SELECT {', '.join(values)} FROM ({some}) a ON CONFLICT DO NOTHING"  # noqa: S608


def _some(column: Column[object]) -> str:
    kinds = {Text: "'x' || n", LargeBinary: "sha256(('x' || n)::bytea)", Boolean: "FALSE", BigInteger: f"{FAR} + n"}
    return next((value for kind, value in kinds.items() if isinstance(column.type, kind)), "1")


@pytest.mark.skipif("RENUMBER_TEST_PARTITIONS" in os.environ, reason="a small partition is rightly read whole")
async def test_no_statement_of_a_hot_path_reads_a_table_from_end_to_end(postgresql_url: str, sqlite_url: str) -> None:
    await fill_with_others(postgresql_url)
    explained = Explained(open_database(postgresql_url))
    async with a_world(postgresql_url, database=explained) as world:
        await sign_in_and_change(world, await a_person(world))
        of_people = len(explained.plans)
        await keep_all(world)
        read_whole = {*whole(explained)}
        for index in ("wait_end", "challenge_expiry"):
            await explained.database.run(Statement(text(f"DROP INDEX {index}")))
        await keep_house(world.services, world.chores)
        without_two = {*whole(explained)} - read_whole

    assert of_people > 40
    assert not read_whole, "\n\n".join(map(str, sorted(read_whole)))
    assert {table for table, _ in without_two} == {"wait", "challenge"}
    assert not [*whole_in_sqlite(explained.ran, sqlite_url)]


def whole(explained: Explained) -> Iterator[tuple[str, str]]:
    """Find what reads a table from end to end, or an index of all its rows."""
    for sql, nodes in explained.plans:
        yield from ((table, sql) for table in {node.table for node in nodes if node.reads_all} - FEW)


def whole_in_sqlite(ran: Sequence[Statement], url: str) -> Iterator[str]:
    """Find what SQLite would read from end to end, without an index."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        for statement in {id(one): one for one in ran}.values():
            sql, names = statement.sqlite.sql, statement.sqlite.names
            for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * len(names)):
                scanned = re.match(r"SCAN (\w+)(?! USING)", row[3])
                if scanned and scanned[1] in metadata.tables and scanned[1] not in FEW:
                    yield f"{scanned[1]}: {sql}"
