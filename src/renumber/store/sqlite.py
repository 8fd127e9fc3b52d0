"""SQLite by the standard library: one writer on its own thread, a few readers, WAL."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal, TypeVar, cast

from renumber.store.database import ConstraintViolated, Count, Row, StoreBusy, StoreUnavailable, current_count
from renumber.store.statement import NOTHING, Statement, Values

PATIENCE = 10.0  # seconds, for other processes (busy_timeout) and for others in this one
_STATEMENTS_KEPT = 1000

_CONSTRAINTS = {
    "SQLITE_CONSTRAINT_UNIQUE": "unique",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "unique",
    "SQLITE_CONSTRAINT_ROWID": "unique",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "foreign key",
    "SQLITE_CONSTRAINT_CHECK": "check",
    "SQLITE_CONSTRAINT_NOTNULL": "not null",
}
_UNUSABLE = tuple(f"SQLITE_{name}" for name in ("CANTOPEN", "CORRUPT", "FULL", "IOERR", "NOTADB", "PERM", "READONLY"))

T = TypeVar("T")


class SqliteDatabase:
    """One SQLite file."""

    dialect: Literal["sqlite"] = "sqlite"

    def __init__(self, path: Path, *, readers: int, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._writing = asyncio.Lock()  # one transaction at a time; other processes are kept out by BEGIN IMMEDIATE
        self._written_by: asyncio.Task[object] | None = None
        self._writer = ThreadPoolExecutor(1, "sqlite-writer")
        self._readers = ThreadPoolExecutor(readers, "sqlite-reader")
        self._reader = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._connection: sqlite3.Connection

    async def start(self) -> None:
        """Open the writer and put the file into WAL mode."""
        self._connection = await self._on_writer(self._open_writer)

    async def close(self) -> None:
        """Let running statements end, then close the file."""
        await asyncio.to_thread(self._close)

    @property
    def count(self) -> Count:
        """The count that this context's statements are added to."""
        return current_count()

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Read on a reader's thread: the last committed state."""
        current_count().statements += 1
        compiled = statement.sqlite
        args = compiled.args(values)
        return await asyncio.wrap_future(self._readers.submit(self._read, compiled.sql, args))

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Write in one hop: outside BEGIN, SQLite commits when the statement is done."""
        count = current_count()
        count.statements += 1
        compiled = statement.sqlite
        args = compiled.args(values)
        async with self._alone():
            rows = await self._on_writer(lambda: _rows(self._connection, compiled.sql, args))
        count.commits += 1
        return rows

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

    async def _on_writer(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(work))

    def _open_writer(self) -> sqlite3.Connection:
        connection = self._opened()
        _now("PRAGMA journal_mode=WAL", connection)
        _now("PRAGMA synchronous=FULL", connection)
        return connection

    def _read(self, sql: str, args: Sequence[object]) -> list[Row]:
        connection: sqlite3.Connection | None = getattr(self._reader, "connection", None)
        if connection is None:
            connection = self._reader.connection = self._opened()
            _now("PRAGMA query_only=ON", connection)
        return _rows(connection, sql, args)

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self._path,
                timeout=self._patience,
                isolation_level=None,
                check_same_thread=False,  # only `close` comes from another thread, after the threads have ended
                cached_statements=_STATEMENTS_KEPT,
            )
        except sqlite3.Error as error:
            raise _fault(error) from None
        connection.row_factory = sqlite3.Row
        _now("PRAGMA foreign_keys=ON", connection)
        self._connections.append(connection)
        return connection

    def _close(self) -> None:
        self._readers.shutdown()
        self._writer.shutdown()
        while self._connections:
            self._connections.pop().close()


class SqliteTransaction:
    """One transaction of the writer; BEGIN IMMEDIATE travels with its first statement."""

    __slots__ = ("_begun", "_connection", "_open", "_sound", "_writer")

    def __init__(self, connection: sqlite3.Connection, writer: ThreadPoolExecutor) -> None:
        self._connection = connection
        self._writer = writer
        self._begun = False
        self._sound = self._open = True

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run a statement and give its rows."""
        compiled = statement.sqlite
        args = compiled.args(values)
        return await self._hop(lambda: _rows(self._connection, compiled.sql, args))

    async def execute(self, statement: Statement, values: Values = NOTHING) -> int:
        """Run a statement and say how many rows it touched."""
        compiled = statement.sqlite
        args = compiled.args(values)
        return await self._hop(lambda: _touched(self._connection, compiled.sql, args))

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement once per row, all in one hop."""
        compiled = statement.sqlite
        many = compiled.many(rows)
        await self._hop(lambda: _repeated(self._connection, compiled.sql, many))

    async def commit(self) -> None:
        """Make it last."""
        self._assert_sound()
        self._sound = False  # whatever comes of the COMMIT, nothing may follow it
        if self._begun:
            await asyncio.wrap_future(self._writer.submit(_now, "COMMIT", self._connection))
        self._open = False
        current_count().commits += 1

    async def end(self) -> None:
        """Roll back what was not committed; queued at once, so that it comes before whatever the writer does next."""
        self._sound = False
        if self._open and self._begun:
            await asyncio.shield(asyncio.wrap_future(self._writer.submit(_roll_back, self._connection)))

    async def _hop(self, work: Callable[[], T]) -> T:
        self._assert_sound()
        current_count().statements += 1
        self._sound = False  # until it has succeeded
        answer = await asyncio.wrap_future(self._submitted(work))
        self._sound = True
        return answer

    def _submitted(self, work: Callable[[], T]) -> "Future[T]":
        if self._begun:
            return self._writer.submit(work)
        self._begun = True
        return self._writer.submit(_begun, self._connection, work)

    def _assert_sound(self) -> None:
        assert self._sound, "a statement failed or the transaction has ended: nothing can follow"


def _begun(connection: sqlite3.Connection, work: Callable[[], T]) -> T:
    _now("BEGIN IMMEDIATE", connection)
    return work()


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        _now("ROLLBACK", connection)


def _now(sql: str, connection: sqlite3.Connection) -> None:
    _rows(connection, sql, ())


def _rows(connection: sqlite3.Connection, sql: str, args: Sequence[object]) -> list[Row]:
    try:
        return cast(list[Row], connection.execute(sql, args).fetchall())  # type: ignore[arg-type]  # plain values
    except sqlite3.Error as error:
        raise _fault(error) from None


def _touched(connection: sqlite3.Connection, sql: str, args: Sequence[object]) -> int:
    try:
        return connection.execute(sql, args).rowcount  # type: ignore[arg-type]  # plain values
    except sqlite3.Error as error:
        raise _fault(error) from None


def _repeated(connection: sqlite3.Connection, sql: str, many: Sequence[Sequence[object]]) -> None:
    try:
        connection.executemany(sql, many)  # type: ignore[arg-type]  # plain values
    except sqlite3.Error as error:
        raise _fault(error) from None


def _fault(error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    for prefix, kind in _CONSTRAINTS.items():
        if name.startswith(prefix):
            return ConstraintViolated(kind, str(error).rpartition("failed: ")[2])
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy("SQLite's file was locked by another process for too long")
    if name.startswith(_UNUSABLE):
        return StoreUnavailable(f"SQLite can't use its file: {error} ({name})")
    return error
