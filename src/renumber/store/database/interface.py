"""The database as the rest of the store sees it: two protocols, their faults, and the count of statements."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from renumber.store.database.guards import Guard
from renumber.store.database.statement import NOTHING, Statement, Values, Write


class Row(Protocol):
    """One row, read by column name or place: `sqlite3.Row` or `asyncpg.Record`."""

    def __getitem__(self, key: str | int, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any: ...


class Transaction(Protocol):
    """Statements that happen together or not at all; after one has failed, only the rollback is left."""

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]: ...
    async def execute(self, statement: Statement, values: Values = NOTHING) -> int: ...
    async def execute_all(self, writes: Sequence[Write]) -> list[int]:
        """Run several writing statements and say how many rows each touched."""
        ...

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None: ...
    async def commit(self) -> None: ...


class Database(Protocol):
    """SQLite or PostgreSQL. Nothing is tried twice behind the caller's back: a fault is raised."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]: ...
    @property
    def count(self) -> "Count": ...
    async def start(self) -> None: ...
    async def close(self) -> None: ...
    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Read outside any transaction."""
        ...

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run one writing statement that is its own transaction."""
        ...

    async def run_each(self, statement: Statement, rows: Sequence[Values]) -> list[int]:
        """Run one writing statement for each of these values, each for rows of its own, and say how many it touched.

        It is one transaction.
        """
        ...

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction, rolled back at its end unless `commit` was called."""
        ...


class StoreFault(Exception):
    """The database failed; the text holds no value of any row."""

    permanent = False


class StoreUnavailable(StoreFault):
    """The database can't be reached, or the connection to it was lost in the middle."""


class StoreBusy(StoreFault):
    """A lock or a connection did not become free in time, or the database gave this transaction up for another."""


class ConstraintViolated(StoreFault):
    """A constraint of the database refused a row."""

    permanent = True

    def __init__(self, kind: str, constraint: str) -> None:
        super().__init__(f"{kind} constraint violated: {constraint}")
        self.kind = kind  # "unique", "foreign key", "check" or "not null"
        self.constraint = constraint  # PostgreSQL: its name; SQLite: its name or its columns
        self.guard = Guard.named(constraint) if kind == "unique" else None


@dataclass(slots=True)
class Count:
    """The number of statements that were run and of transactions that were committed."""

    statements: int = 0
    commits: int = 0


COUNT: ContextVar[Count] = ContextVar("store_count", default=Count())  # noqa: B039 -- the sum outside any request


@contextmanager
def counting() -> Iterator[Count]:
    """Count the statements of one request, tasks started in it included."""
    token = COUNT.set(Count())
    try:
        yield COUNT.get()
    finally:
        COUNT.reset(token)
