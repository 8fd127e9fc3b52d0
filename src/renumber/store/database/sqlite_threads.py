"""SQLite's threads and their work: opening the file, running a statement, wording an error."""

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar, cast

from renumber.store.database.interface import ConstraintViolated, Row, StoreBusy, StoreUnavailable

_SHORT_WAIT = 50  # milliseconds
_STATEMENTS_KEPT = 1000  # more than there are in the project, so that each is prepared once per connection
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
_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Threads:
    """Up to so many threads that do work for an event loop, begun in the order in which it was handed over.

    An executor of the standard library makes two futures for each piece, with a lock and a condition: twice the cost.
    """

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._threads: list[Thread] = []
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._unfinished = 0
        self._counting = Lock()
        self._has_ended = False

    def submit(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Queue work at once; whoever cancels the future before it has begun takes it back."""
        if self._has_ended:
            raise RuntimeError("the database was closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._counting:
            self._unfinished += 1
        if len(self._threads) < min(self._unfinished, self._most):
            thread = Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put((loop, future, work))
        return future

    def end(self) -> None:
        """Wait until all that was queued is done, and end the threads."""
        self._has_ended = True
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while job := self._jobs.get():
            self._do(*job)
            del job  # or what it holds would stay until the next comes

    def _do(self, loop: asyncio.AbstractEventLoop, future: "asyncio.Future[T]", work: Callable[[], T]) -> None:
        answer: T | None = None
        fault: BaseException | None = None
        if not future.cancelled():
            try:
                answer = work()
            except BaseException as raised:  # noqa: BLE001 - it is raised where the work is awaited
                fault = raised
        with self._counting:
            self._unfinished -= 1
        with suppress(RuntimeError):  # the loop has closed, and nobody waits any more
            loop.call_soon_threadsafe(_tell, future, answer, fault)
        fault = None  # its traceback holds this frame


def _tell(future: "asyncio.Future[T]", answer: T | None, fault: BaseException | None) -> None:
    if future.cancelled():
        return
    if fault is not None:
        future.set_exception(fault)
    else:
        future.set_result(cast(T, answer))


def opened(path: Path, patience: float) -> sqlite3.Connection:
    """Open the file with a connection that another thread may close."""
    try:
        connection = sqlite3.connect(
            path, timeout=patience, isolation_level=None, check_same_thread=False, cached_statements=_STATEMENTS_KEPT
        )
    except sqlite3.Error as error:
        raise _fault(error) from None
    connection.row_factory = sqlite3.Row
    now("PRAGMA foreign_keys=ON", connection)
    return connection


def use_wal(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to WAL, asking again while other processes switch the same fresh file at the same time."""
    give_up_at = time.monotonic() + patience
    now(f"PRAGMA busy_timeout={_SHORT_WAIT}", connection)
    while True:
        try:
            now("PRAGMA journal_mode=WAL", connection)
            break
        except StoreBusy:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(secrets.randbelow(_SHORT_WAIT) / 1000)
    now(f"PRAGMA busy_timeout={round(patience * 1000)}", connection)


def begun(connection: sqlite3.Connection, work: Callable[[], T]) -> T:
    """Begin a transaction with its first statement."""
    now("BEGIN IMMEDIATE", connection)
    return work()


def roll_back(connection: sqlite3.Connection) -> None:
    """Roll back the transaction that is open, if one is."""
    if connection.in_transaction:
        now("ROLLBACK", connection)


def now(sql: str, connection: sqlite3.Connection) -> None:
    """Run a command that has no values."""
    fetched(connection, sql, ())


def fetched(connection: sqlite3.Connection, sql: str, args: Sequence[object]) -> list[Row]:
    """Run a statement and give all its rows."""
    try:
        return cast(list[Row], connection.execute(sql, args).fetchall())
    except sqlite3.Error as error:
        raise _fault(error) from None


def touched(connection: sqlite3.Connection, sql: str, args: Sequence[object]) -> int:
    """Run a statement and give the number of rows that it changed."""
    try:
        return connection.execute(sql, args).rowcount
    except sqlite3.Error as error:
        raise _fault(error) from None


def repeated(connection: sqlite3.Connection, sql: str, many: Sequence[Sequence[object]]) -> None:
    """Run a statement once for each row of values."""
    try:
        connection.executemany(sql, many)
    except sqlite3.Error as error:
        raise _fault(error) from None


def counted(connection: sqlite3.Connection, sql: str, many: Sequence[Sequence[object]]) -> list[int]:
    """Run a statement for each row of values in one transaction, and give the rows that each has changed."""
    now("BEGIN IMMEDIATE", connection)
    try:
        counts = [touched(connection, sql, args) for args in many]
        now("COMMIT", connection)
    except BaseException:
        roll_back(connection)
        raise
    return counts


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
