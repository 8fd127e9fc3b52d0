"""PostgreSQL through asyncpg: connections and prepared statements are kept, and no round trip is wasted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal, cast

from renumber.settings.postgresql.url import postgres_url
from renumber.store.database.batches import batches, joined
from renumber.store.database.interface import COUNT, Count, Row, StoreUnavailable
from renumber.store.database.postgresql_connect import CONNECT_WITHIN, Connector
from renumber.store.database.postgresql_faults import FAULTS, fault, fault_of_connecting, has_answered, is_gone
from renumber.store.database.postgresql_pool import Connections
from renumber.store.database.statement import NOTHING, Statement, Values, Write


class PostgresDatabase:
    """A few connections to one PostgreSQL database."""

    dialect: Literal["postgresql"] = "postgresql"

    def __init__(self, url: str, *, pool_size: int) -> None:
        self._connections = Connections(Connector(postgres_url(url)).connect, pool_size)

    async def start(self) -> None:
        """Connect once, so that a wrong URL is seen now and not at the first request."""
        try:
            self._connections.take_back(await self._connections.lend())
        except (*FAULTS, ValueError) as error:
            raise StoreUnavailable(f"PostgreSQL can't be reached: {error or type(error).__name__}") from None

    async def close(self) -> None:
        """Disconnect, after the last request has ended."""
        await self._connections.close()

    @property
    def count(self) -> Count:
        """The count that this context's statements are added to."""
        return COUNT.get()

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Read in one round trip, without BEGIN."""
        return await self._answered(statement.postgresql.sql, statement.postgresql.args(values))

    async def _answered(self, sql: str, args: Sequence[object]) -> list[Any]:
        COUNT.get().statements += 1
        connection = await self._lent()
        in_order = False
        try:
            rows = await connection.fetch(sql, *args)
            in_order = True
        except FAULTS as error:
            in_order = has_answered(error)
            raise fault(error) from None
        finally:
            self._give_back(connection, in_order=in_order)
        return cast(list[Any], rows)

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Write in one round trip: a statement outside BEGIN is its own transaction."""
        rows = await self.fetch(statement, values)
        COUNT.get().commits += 1
        return rows

    async def run_each(self, statement: Statement, rows: Sequence[Values]) -> list[int]:
        """Write for each of these values in one round trip, which is one transaction."""
        args = [value for values in rows for value in statement.postgresql.args(values)]
        touched = await self._answered(joined((statement,) * len(rows)), args)
        COUNT.get().commits += 1
        return list(touched[0])

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["PostgresTransaction"]:
        """Hold one connection from BEGIN to COMMIT, or to ROLLBACK."""
        connection = await self._lent()
        transaction = PostgresTransaction(connection)
        in_order = False
        try:
            await transaction.begin()
            try:
                yield transaction
            finally:
                in_order = await transaction.end()
        finally:
            self._give_back(connection, in_order=in_order)

    def _give_back(self, connection: Any, *, in_order: bool) -> None:
        """Keep a connection only if the server has answered all that was asked on it: not after a cancelled request."""
        (self._connections.take_back if in_order else self._connections.drop)(connection)

    async def _lent(self) -> Any:
        connection = self._connections.lend_idle()
        if connection is not None:
            return connection
        try:
            async with asyncio.timeout(CONNECT_WITHIN):
                return await self._connections.lend()
        except (*FAULTS, ValueError) as error:
            raise fault_of_connecting(error) from None


class PostgresTransaction:
    """One transaction on one connection."""

    __slots__ = ("_committed", "_connection", "_gone", "_sound")

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._sound = False
        self._committed = False
        self._gone = False

    async def begin(self) -> None:
        """Send BEGIN."""
        try:
            await self._connection.execute("BEGIN")
        except FAULTS as error:
            raise fault(error) from None
        self._sound = True

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        """Run a statement and give its rows."""
        compiled = statement.postgresql
        return cast(list[Row], await self._sent(self._connection.fetch, compiled.sql, *compiled.args(values)))

    async def execute(self, statement: Statement, values: Values = NOTHING) -> int:
        """Run a statement and say how many rows it touched."""
        compiled = statement.postgresql
        status: str = await self._sent(self._connection.execute, compiled.sql, *compiled.args(values))
        return int(status.rpartition(" ")[2])

    async def execute_all(self, writes: Sequence[Write]) -> list[int]:
        """Run several statements in as few round trips as may be and say how many rows each touched."""
        touched: list[int] = []
        for batch in batches(writes):
            sql = joined(tuple(statement for statement, _ in batch))
            args = [value for statement, values in batch for value in statement.postgresql.args(values)]
            rows = await self._sent(self._connection.fetch, sql, *args)
            touched.extend(rows[0])
        return touched

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None:
        """Run a statement once per row, all in one round trip."""
        compiled = statement.postgresql
        await self._sent(self._connection.executemany, compiled.sql, compiled.many(rows))

    async def commit(self) -> None:
        """Commit the transaction."""
        self._assert_sound()
        self._sound = False  # whatever comes of the COMMIT, nothing may follow it
        try:
            answer = await self._connection.execute("COMMIT")
        except FAULTS as error:
            raise fault(error) from None
        assert answer == "COMMIT", "PostgreSQL answers ROLLBACK after a failed statement"
        self._committed = True
        COUNT.get().commits += 1

    async def end(self) -> bool:
        """Roll back what was not committed, and say whether the connection is in order."""
        self._sound = False
        if self._committed:
            return True
        try:
            await self._connection.execute("ROLLBACK")
        except FAULTS:
            return False
        return not self._gone

    async def _sent(self, method: Any, *args: object) -> Any:
        self._assert_sound()
        COUNT.get().statements += 1
        self._sound = False  # until it has succeeded: PostgreSQL would answer COMMIT after a failure with a rollback
        try:
            answer = await method(*args)
        except FAULTS as error:
            self._gone = is_gone(error)
            raise fault(error) from None
        self._sound = True
        return answer

    def _assert_sound(self) -> None:
        assert self._sound, "a statement failed or the transaction has ended: nothing can follow"
