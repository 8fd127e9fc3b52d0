"""Opening a connection to PostgreSQL, and looking at what stands at its other end: the server itself, or a pooler."""

import secrets
from dataclasses import dataclass
from typing import Any

import asyncpg

CONNECT_WITHIN = 5.0  # seconds, also for a free connection of the pool
ANSWER_WITHIN = 30.0  # seconds
_STATEMENTS_KEPT = 1000  # more than there are in the project, so that each is prepared once per connection

_LOOK = "SELECT pg_backend_pid() AS process, current_setting('transaction_read_only') = 'off' AS takes_changes"
_RENAMED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'PGBOUNCER%' AND statement LIKE '%' || $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a new connection leads to."""

    is_pooled: bool  # a session of the server may be another one in the next transaction
    keeps_statements: bool  # a statement that was prepared once is found again
    takes_changes: bool


async def looked_at(connection: Any) -> Found:
    """Look at what a connection leads to, by an unnamed statement, which every pooler lets pass.

    A pooler gives its clients a key for cancelling that is its own, so the process named in it isn't the one that
    answers (PostgreSQL 55.2.8: BackendKeyData).
    """
    row = await (await connection.prepare(_LOOK, name="")).fetchrow()
    is_pooled = row["process"] != connection.get_server_pid()
    keeps = not is_pooled or await _is_renamed(connection)
    return Found(is_pooled=is_pooled, keeps_statements=keeps, takes_changes=row["takes_changes"])


async def _is_renamed(connection: Any) -> bool:
    """Find out whether the pooler keeps account of prepared statements: it then gives them names of its own.

    PgBouncer does since 1.21, where `max_prepared_statements` isn't 0; what it does in other versions leaves the
    name as it is.
    """
    mark = secrets.token_hex(8)
    await connection.execute("BEGIN")
    statement = await connection.prepare(f"SELECT 1 -- {mark}", name=f"renumber_{mark}")
    await statement.fetch()
    found = await (await connection.prepare(_RENAMED, name="")).fetchval(mark)
    await connection.execute("ROLLBACK")
    return bool(found)


class Connector:
    """Opens connections, with prepared statements wherever what stands between keeps them."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._names_statements = True

    async def connect(self) -> Any:
        """Open a connection, and once more without prepared statements where those would be lost."""
        named = self._names_statements
        connection, found = await self._opened(_STATEMENTS_KEPT if named else 0)
        self._names_statements = found.keeps_statements
        if named and not found.keeps_statements:
            connection.terminate()
            connection, _ = await self._opened(0)
        return connection

    async def _opened(self, statements_kept: int) -> tuple[Any, Found]:
        connection: Any = await asyncpg.connect(
            self._url,
            timeout=CONNECT_WITHIN,
            command_timeout=ANSWER_WITHIN,
            statement_cache_size=statements_kept,
            max_cached_statement_lifetime=0,
            server_settings={"application_name": "renumber"},
        )
        try:
            return connection, await looked_at(connection)
        except BaseException:
            connection.terminate()
            raise
