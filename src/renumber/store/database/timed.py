"""A database that measures the time of its statements; used in development only."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Literal, TypeVar

from renumber.store.database.interface import Count, Database, Row, Transaction
from renumber.store.database.statement import NOTHING, Statement, Values, Write

Answer = TypeVar("Answer")
Spend = Callable[[float], None]


class TimedDatabase:
    """Wraps a database and reports the seconds that each statement took."""

    def __init__(self, database: Database, spend: Spend) -> None:
        self._database = database
        self._spend = spend

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """The dialect of the wrapped database."""
        return self._database.dialect

    @property
    def count(self) -> Count:
        """The count that this context's statements are added to."""
        return self._database.count

    async def start(self) -> None:
        """Connect to the database."""
        await self._database.start()

    async def close(self) -> None:
        """Disconnect from the database."""
        await self._database.close()

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Read outside any transaction."""
        return await _timed(self._spend, self._database.fetch(statement, values))

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run one writing statement that is its own transaction."""
        return await _timed(self._spend, self._database.run(statement, values))

    async def run_each(self, statement: Statement, rows: Sequence[Values]) -> list[int]:
        """Run one writing statement for several values."""
        return await _timed(self._spend, self._database.run_each(statement, rows))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction whose statements are measured too."""
        async with self._database.transaction() as tx:
            yield _TimedTransaction(tx, self._spend)


class _TimedTransaction:
    def __init__(self, tx: Transaction, spend: Spend) -> None:
        self._tx = tx
        self._spend = spend

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run a statement and give its rows."""
        return await _timed(self._spend, self._tx.fetch(statement, values))

    async def execute(self, statement: Statement, values: Values = NOTHING) -> int:
        """Run a statement and say how many rows it touched."""
        return await _timed(self._spend, self._tx.execute(statement, values))

    async def execute_all(self, writes: Sequence[Write]) -> list[int]:
        """Run several statements."""
        return await _timed(self._spend, self._tx.execute_all(writes))

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement once per row."""
        await _timed(self._spend, self._tx.execute_many(statement, rows))

    async def commit(self) -> None:
        """Make it last."""
        await _timed(self._spend, self._tx.commit())


async def _timed(spend: Spend, answer: Awaitable[Answer]) -> Answer:
    started = time.perf_counter()
    try:
        return await answer
    finally:
        spend(time.perf_counter() - started)
