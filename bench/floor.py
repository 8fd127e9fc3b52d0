"""The least that a journey can cost: its password checks, and its rows committed as often, by the bare driver."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from renumber.crypto.passwords import Passwords

COMMITS = 9  # two tries and two outcomes of a password, five posts
CHECKS = 2
TABLES = (
    "phone_change", "sign_in", "session", "challenge", "authenticator", "link", "outbox", "audit",
)  # fmt: skip
SHORT = 32  # characters of an id


@dataclass(frozen=True)
class Written:
    """Rows of one table that a journey left."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


async def rows_left(url: str, email_index: int) -> list[Written]:
    """Read what one journey has written, table by table."""
    connection = await asyncpg.connect(url)
    account = await connection.fetchval(
        "SELECT account_id FROM account WHERE version > 5 OFFSET $1 LIMIT 1", email_index
    )
    found = []
    for table in TABLES:
        records = await connection.fetch(f"SELECT * FROM {table} WHERE account_id = $1", account)  # noqa: S608 - ours
        columns = tuple(records[0].keys()) if records else ()
        found.append(Written(table, columns, tuple(tuple(record) for record in records)))
    await connection.close()
    return [written for written in found if written.rows]


async def hashing(journeys: int) -> float:
    """CPU seconds of the password checks alone, per journey."""
    passwords = Passwords(threads=2)
    stored = await passwords.hash("correct horse battery")
    started = time.process_time()
    for _ in range(journeys):
        await asyncio.gather(*(passwords.verify(stored, "correct horse battery") for _ in range(CHECKS)))
    spent = time.process_time() - started
    passwords.close()
    return spent / journeys


async def writing_postgresql(url: str, written: Sequence[Written], journeys: int) -> float:
    """Commit the same rows as often as the journey does; CPU seconds of this process, per journey."""
    connection = await asyncpg.connect(url)
    parts = _parts(written)
    started = time.process_time()
    for journey in range(journeys):
        for part in parts:
            await connection.execute("BEGIN")
            await connection.fetchrow("SELECT * FROM account WHERE account_id = $1 FOR UPDATE", "0" * SHORT)
            for table, columns, rows in part:
                await connection.executemany(_insert(table, columns, "${}"), [_renamed(row, journey) for row in rows])
            await connection.execute("COMMIT")
    spent = time.process_time() - started
    await connection.close()
    return spent / journeys


def writing_sqlite(path: Path, written: Sequence[Written], journeys: int) -> float:
    """The same by sqlite3, in WAL mode and with full synchronisation."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    started = time.process_time()
    for journey in range(journeys):
        for part in _parts(written):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT * FROM account WHERE account_id = ?", ["0" * SHORT]).fetchone()
            for table, columns, rows in part:
                connection.executemany(_insert(table, columns, "?"), [_renamed(row, journey) for row in rows])
            connection.execute("COMMIT")
    spent = time.process_time() - started
    connection.close()
    return spent / journeys


def _parts(written: Sequence[Written]) -> list[list[tuple[str, tuple[str, ...], list[tuple[Any, ...]]]]]:
    """Deal the rows out to the commits."""
    return [
        [(each.table, each.columns, list(each.rows[turn::COMMITS])) for each in written if each.rows[turn::COMMITS]]
        for turn in range(COMMITS)
    ]


def _insert(table: str, columns: tuple[str, ...], mark: str) -> str:
    marks = ", ".join(mark.format(index + 1) for index in range(len(columns)))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own tables


def _renamed(row: tuple[Any, ...], journey: int) -> tuple[Any, ...]:
    """The row for another account, with tokens of its own."""
    account = f"{journey:032x}"
    values = [value[:-4] + journey.to_bytes(4, "big") if isinstance(value, bytes) else value for value in row[1:]]
    return (account, *values)
