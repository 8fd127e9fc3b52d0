"""What the database of a running server holds, read past the server."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from harness.postgres import in_a_thread
from renumber.store.database.open import sqlite_path
from renumber.store.schema.tables import metadata

Rows = Sequence[dict[str, Any]]

CAME_BY: Final = ("seq", "place", "created_at", "requested_at", "started_at", "made_at", "issued_at", "asked_at")
"""Columns that say in which order the rows of a table came."""


def rows_of(url: str, sql: str) -> Rows:
    """Run a query of our own making."""
    if url.startswith("sqlite:"):
        return _from_sqlite(url, sql)
    return in_a_thread(asyncio.run, _from_postgres(url, sql))


def _from_sqlite(url: str, sql: str) -> Rows:
    connection = sqlite3.connect(sqlite_path(url), timeout=10)
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            return [dict(row) for row in connection.execute(sql).fetchall()]
    finally:
        connection.close()


async def _from_postgres(url: str, sql: str) -> Rows:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return [dict(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def rows_of_account(url: str, table: str, account_id: str) -> Rows:
    """The rows of one account in the order in which they came; a database of its own accord promises none."""
    columns = metadata.tables[table].c
    order = [*(name for name in CAME_BY if name in columns), *metadata.tables[table].primary_key.columns.keys()]
    named = f"SELECT * FROM {table} WHERE account_id = '{account_id}'"  # noqa: S608 - our own names and ids
    return rows_of(url, f"{named} ORDER BY {', '.join(order)}")


def write_to(url: str, sql: str) -> None:
    """Change something past the server."""
    rows_of(url, sql)


def dump(url: str) -> bytes:
    """Every value of every row, as bytes that can be searched."""
    return b"\n".join(line for table in metadata.sorted_tables for line in _lines(url, table.name))


def _lines(url: str, table: str, condition: str = "1 = 1") -> Iterator[bytes]:
    for row in rows_of(url, f"SELECT * FROM {table} WHERE {condition}"):  # noqa: S608 - our own names and ids
        yield b"|".join([table.encode(), *(_bytes(value) for value in row.values())])


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@dataclass(frozen=True)
class Snapshot:
    """All rows of a few accounts, and all counters; the housekeeping goes on beside it."""

    rows: frozenset[bytes]
    counters: frozenset[bytes]

    def changes_since(self, before: "Snapshot") -> frozenset[bytes]:
        """Rows that came, went or changed, and counters that came or changed."""
        return (self.rows ^ before.rows) | (self.counters - before.counters)


def snapshot(url: str, account_ids: Sequence[str]) -> Snapshot:
    """Take one."""
    quoted = [f"'{each}'" for each in account_ids]
    theirs = f"account_id IN ({', '.join(quoted)})"
    tables = [table.name for table in metadata.sorted_tables if "account_id" in table.c]
    rows = frozenset(line for table in tables for line in _lines(url, table, theirs))
    return Snapshot(rows, frozenset(_lines(url, "counter")))


def on_disk(url: str) -> bytes:
    """What SQLite's own files hold, freed pages included; of PostgreSQL nothing but its rows is looked at."""
    if not url.startswith("sqlite:"):
        return b""
    path = sqlite_path(url)
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
