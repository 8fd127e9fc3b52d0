"""What the database of a running server holds, read past the server."""

import asyncio
import sqlite3
from collections.abc import Sequence
from typing import Any

import asyncpg

from renumber.store.engine import sqlite_path
from renumber.store.tables import metadata
from tests.postgres import in_a_thread

Rows = Sequence[dict[str, Any]]


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


def write_to(url: str, sql: str) -> None:
    """Change something past the server."""
    rows_of(url, sql)


def dump(url: str, *, without: Sequence[str] = ()) -> bytes:
    """Every value of every row, as bytes that can be searched and compared."""
    names = sorted(table.name for table in metadata.sorted_tables if table.name not in without)
    return b"\n".join(_lines(name, rows_of(url, f"SELECT * FROM {name}")) for name in names)  # noqa: S608 - our names


def _lines(name: str, rows: Rows) -> bytes:
    written = sorted(b"|".join(_bytes(value) for value in row.values()) for row in rows)
    return b"\n".join(name.encode() + b"|" + line for line in written)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def on_disk(url: str) -> bytes:
    """What SQLite's own files hold, freed pages included; of PostgreSQL nothing but its rows is looked at."""
    if not url.startswith("sqlite:"):
        return b""
    path = sqlite_path(url)
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))
