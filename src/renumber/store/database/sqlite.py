"""SQLite through the standard library: one writer on its own thread, a few readers, WAL."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from renumber.store.database.interface import COUNT, Count, Row, StoreBusy
from renumber.store.database.sqlite_files import create_private
from renumber.store.database.sqlite_threads import (
    Threads,
    begun,
    counted,
    fetched,
    now,
    opened,
    repeated,
    roll_back,
    touched,
    use_wal,
)
from renumber.store.database.statement import NOTHING, Statement, Values, Write

PATIENCE = 10.0  # seconds, for other processes (busy_timeout) and for others in this one

T = TypeVar("T")


class SqliteDatabase:
    """One SQLite file."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, path: Path, *, readers: int, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._writing = asyncio.Lock()  # one transaction at a time; other processes are kept out by BEGIN IMMEDIATE
        self._written_by: asyncio.Task[object] | None = None
        self._writer = Threads("sqlite-writer", 1)
        self._readers = Threads("sqlite-reader", readers)
        self._reader = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._connection: sqlite3.Connection

    async def start(self) -> None:
        """Open the writer and put the file into WAL mode."""
        self._connection = await self._writer.submit(self._open_writer)

    async def close(self) -> None:
        """Let running statements end, then close the file."""
        await asyncio.to_thread(self._close)

    @property
    def count(self) -> Count:
        """The count that this context's statements are added to."""
        return COUNT.get()

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Read on a reader's thread: the last committed state."""
        COUNT.get().statements += 1
        compiled = statement.sqlite
        args = compiled.args(values)
        return await self._readers.submit(lambda: self._read(compiled.sql, args))

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Write in one hop: outside BEGIN, SQLite commits when the statement is done."""
        count = COUNT.get()
        count.statements += 1
        compiled = statement.sqlite
        args = compiled.args(values)
        async with self._alone():
            returned = await self._writer.submit(lambda: fetched(self._connection, compiled.sql, args))
        count.commits += 1
        return returned

    async def run_each(self, statement: Statement, rows: Sequence[Values]) -> list[int]:
        """Write for each of these values in one hop, which is one transaction."""
        count = COUNT.get()
        count.statements += 1
        compiled = statement.sqlite
        many = compiled.many(rows)
        async with self._alone():
            counts = await self._writer.submit(lambda: counted(self._connection, compiled.sql, many))
        count.commits += 1
        return counts

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["SqliteTransaction"]:
        """Hold the writer from BEGIN IMMEDIATE to COMMIT, or to ROLLBACK."""
        async with self._alone():
            transaction = SqliteTransaction(self._connection, self._writer)
            try:
                yield transaction
            finally:
                await transaction.end()

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        assert self._written_by is not task, "a transaction within a transaction would wait for itself for ever"
        try:
            async with asyncio.timeout(self._patience):
                await self._writing.acquire()
        except TimeoutError:
            raise StoreBusy("SQLite's writer did not become free in time") from None
        self._written_by = task
        try:
            yield
        finally:
            self._written_by = None
            self._writing.release()

    def _open_writer(self) -> sqlite3.Connection:
        create_private(self._path)
        connection = self._opened()
        use_wal(connection, self._patience)
        now("PRAGMA synchronous=FULL", connection)
        return connection

    def _read(self, sql: str, args: Sequence[object]) -> list[Row]:
        connection: sqlite3.Connection | None = getattr(self._reader, "connection", None)
        if connection is None:
            connection = self._reader.connection = self._opened()
            now("PRAGMA query_only=ON", connection)
        return fetched(connection, sql, args)

    def _opened(self) -> sqlite3.Connection:
        connection = opened(self._path, self._patience)
        self._connections.append(connection)
        return connection

    def _close(self) -> None:
        self._readers.end()
        self._writer.end()
        while self._connections:
            self._connections.pop().close()


class SqliteTransaction:
    """One transaction of the writer; BEGIN IMMEDIATE travels with its first statement."""

    __slots__ = ("_begun", "_connection", "_open", "_sound", "_writer")

    def __init__(self, connection: sqlite3.Connection, writer: Threads) -> None:
        self._connection = connection
        self._writer = writer
        self._begun = False
        self._sound = self._open = True

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run a statement and give its rows."""
        compiled = statement.sqlite
        args = compiled.args(values)
        return await self._hop(lambda: fetched(self._connection, compiled.sql, args))

    async def execute(self, statement: Statement, values: Values = NOTHING) -> int:
        """Run a statement and say how many rows it touched."""
        compiled = statement.sqlite
        args = compiled.args(values)
        return await self._hop(lambda: touched(self._connection, compiled.sql, args))

    async def execute_all(self, writes: Sequence[Write]) -> list[int]:
        """Run several statements in one hop and say how many rows each touched."""
        calls = [(statement.sqlite.sql, statement.sqlite.args(values)) for statement, values in writes]
        return await self._hop(lambda: [touched(self._connection, sql, args) for sql, args in calls])

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement once per row, all in one hop."""
        compiled = statement.sqlite
        many = compiled.many(rows)
        await self._hop(lambda: repeated(self._connection, compiled.sql, many))

    async def commit(self) -> None:
        """Commit the transaction."""
        self._assert_sound()
        self._sound = False  # whatever comes of the COMMIT, nothing may follow it
        if self._begun:
            await self._writer.submit(partial(now, "COMMIT", self._connection))
        self._open = False
        COUNT.get().commits += 1

    async def end(self) -> None:
        """Roll back what was not committed; queued at once, so that it comes before whatever the writer does next."""
        self._sound = False
        if self._open and self._begun:
            await asyncio.shield(self._writer.submit(partial(roll_back, self._connection)))

    async def _hop(self, work: Callable[[], T]) -> T:
        self._assert_sound()
        COUNT.get().statements += 1
        self._sound = False  # until it has succeeded
        answer = await self._submitted(work)
        self._sound = True
        return answer

    def _submitted(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        if self._begun:
            return self._writer.submit(work)
        self._begun = True
        return self._writer.submit(partial(begun, self._connection, work))

    def _assert_sound(self) -> None:
        assert self._sound, "a statement failed or the transaction has ended: nothing can follow"
