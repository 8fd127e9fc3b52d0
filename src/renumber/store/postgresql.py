"""PostgreSQL by asyncpg: a pool, prepared statements kept, and no round trip that does no work."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal, cast

import asyncpg

from renumber.store.database import ConstraintViolated, Count, Row, StoreBusy, StoreUnavailable, current_count
from renumber.store.statement import NOTHING, Statement, Values

CONNECT_WITHIN = 5.0  # seconds, also for a free connection of the pool
ANSWER_WITHIN = 30.0  # seconds
_STATEMENTS_KEPT = 1000  # more than there are in the project, so that each is prepared once per connection

_LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)
_GONE = (
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
_CONTENDED = (asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, TimeoutError)
_CONSTRAINTS = {
    asyncpg.UniqueViolationError: "unique",
    asyncpg.ForeignKeyViolationError: "foreign key",
    asyncpg.CheckViolationError: "check",
    asyncpg.NotNullViolationError: "not null",
}
_MISFITS = (asyncpg.DataError, ValueError)
_FAULTS = (asyncpg.PostgresError, *_LOST)  # TimeoutError is an OSError


class PostgresDatabase:
    """A pool of connections to one PostgreSQL database."""

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._url = url
        self._pool_size = pool_size
        self._pool: Any = None

    async def start(self) -> None:
        """Connect once, so that a wrong URL is seen now and not at the first request."""
        pool = asyncpg.create_pool(
            self._url,
            min_size=min(2, self._pool_size),
            max_size=self._pool_size,
            timeout=CONNECT_WITHIN,
            command_timeout=ANSWER_WITHIN,
            statement_cache_size=_STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
            server_settings={"application_name": "renumber"},
            reset=_leave_as_it_is,
        )
        try:
            self._pool = await pool
        except _FAULTS as error:
            raise StoreUnavailable(f"PostgreSQL can't be reached: {error or type(error).__name__}") from None

    async def close(self) -> None:
        """Let running statements end, then disconnect."""
        if self._pool is not None:
            await self._pool.close()

    @property
    def count(self) -> Count:
        """The count that this context's statements are added to."""
        return current_count()

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Read in one round trip, without BEGIN."""
        current_count().statements += 1
        compiled = statement.postgresql
        connection = await self._acquired()
        try:
            return cast(list[Row], await connection.fetch(compiled.sql, *compiled.args(values)))
        except _FAULTS as error:
            raise _fault(error) from None
        finally:
            await self._give_back(connection)

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Write in one round trip: a statement outside BEGIN is its own transaction."""
        rows = await self.fetch(statement, values)
        current_count().commits += 1
        return rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["PostgresTransaction"]:
        """Hold one connection from BEGIN to COMMIT, or to ROLLBACK."""
        connection = await self._acquired()
        try:
            transaction = PostgresTransaction(connection)
            await transaction.begin()
            try:
                yield transaction
            finally:
                await transaction.end()
        finally:
            await self._give_back(connection)

    async def _acquired(self) -> Any:
        assert self._pool is not None, "start() comes first"
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                return await self._pool.acquire()
        except _FAULTS as error:
            raise _fault(error) from None

    async def _give_back(self, connection: Any) -> None:
        with suppress(*_FAULTS):  # the pool drops a connection that it can't take back
            await self._pool.release(connection)


class PostgresTransaction:
    """One transaction on one connection."""

    __slots__ = ("_connection", "_open", "_sound", "_transaction")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._transaction = connection.transaction()
        self._sound = self._open = True

    async def begin(self) -> None:
        """Send BEGIN."""
        try:
            await self._transaction.start()
        except _FAULTS as error:
            raise _fault(error) from None

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run a statement and give its rows."""
        compiled = statement.postgresql
        return cast(list[Row], await self._sent(self._connection.fetch, compiled.sql, *compiled.args(values)))

    async def execute(self, statement: Statement, values: Values = NOTHING) -> int:
        """Run a statement and say how many rows it touched."""
        compiled = statement.postgresql
        status: str = await self._sent(self._connection.execute, compiled.sql, *compiled.args(values))
        return int(status.rpartition(" ")[2])

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement once per row, all in one round trip."""
        compiled = statement.postgresql
        await self._sent(self._connection.executemany, compiled.sql, compiled.many(rows))

    async def commit(self) -> None:
        """Make it last."""
        self._assert_sound()
        self._sound = False  # whatever comes of the COMMIT, nothing may follow it
        try:
            await self._transaction.commit()
        except _FAULTS as error:
            raise _fault(error) from None
        self._open = False
        current_count().commits += 1

    async def end(self) -> None:
        """Roll back what was not committed; a lost connection has already done so."""
        if not self._open:
            return
        self._open = self._sound = False
        with suppress(*_FAULTS):
            await self._transaction.rollback()

    async def _sent(self, method: Any, *args: object) -> Any:
        self._assert_sound()
        current_count().statements += 1
        self._sound = False  # until it has succeeded: PostgreSQL would answer COMMIT after a failure with a rollback
        try:
            answer = await method(*args)
        except _FAULTS as error:
            raise _fault(error) from None
        self._sound = True
        return answer

    def _assert_sound(self) -> None:
        assert self._sound, "a statement failed or the transaction has ended: nothing can follow"


async def _leave_as_it_is(connection: Any) -> None:
    """Skip asyncpg's reset query: nothing here sets a session variable, listens, locks by advice or keeps a cursor."""


def _fault(error: BaseException) -> BaseException:
    """Word a driver's error without its DETAIL, which quotes the row."""
    kind = _CONSTRAINTS.get(type(error))
    if kind is not None:
        return ConstraintViolated(kind, getattr(error, "constraint_name", None) or getattr(error, "column_name", ""))
    if isinstance(error, _CONTENDED):
        return StoreBusy(f"PostgreSQL did not answer in time or gave way to another: {type(error).__name__}")
    if isinstance(error, _MISFITS):  # asyncpg quotes the value that does not fit its column
        return AssertionError(f"a value does not fit its column: {type(error).__name__}")
    if isinstance(error, _LOST + _GONE):
        return StoreUnavailable(f"The connection to PostgreSQL was lost: {type(error).__name__}")
    return error
