"""Opening a connection to PostgreSQL, and looking at what stands at its other end: the server itself, or a pooler."""

import asyncio
import secrets
import socket
from collections import deque
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import asyncpg

from renumber.settings.postgresql.url import Host, PostgresUrl, postgres_url
from renumber.store.database.postgresql_faults import PASSED_OVER

CONNECT_WITHIN = 5.0  # seconds, also for a free connection of the pool
ANSWER_WITHIN = 30.0  # seconds
_NEXT_AFTER = 1.5  # seconds without an answer; the next server is asked before whoever waits has given up
_SILENCE = 5.0  # seconds
_STATEMENTS_KEPT = 1000  # more than there are in the project, so that each is prepared once per connection

_LOOK = "SELECT pg_backend_pid() AS process, current_setting('transaction_read_only') = 'off' AS takes_changes"
_RENAMED = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'PGBOUNCER%' AND statement LIKE '%' || $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The other end of a new connection."""

    is_pooled: bool  # a session of the server may be another one in the next transaction
    keeps_statements: bool  # a statement that was prepared once is found again
    takes_changes: bool


async def looked_at(connection: Any) -> Found:
    """Look at what a connection leads to, by an unnamed statement, which every pooler lets pass.

    A pooler gives its clients a key for cancelling that is its own, so the process named in it isn't the one that
    answers (PostgreSQL's message flow: BackendKeyData). To be called once for a connection that keeps statements: the
    driver would close the one below before it binds another without a name, and a pooler change the session in between.
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


class NoneTakesChanges(OSError):
    """Every server that could be reached is a standby, or read-only."""


class Connector:
    """Opens connections to the first server that will do, which after one has failed is the next."""

    def __init__(self, url: PostgresUrl, *, any_server: bool = False) -> None:
        self._url = url
        self._wants_changes = url.wants_changes and not any_server
        self._hosts = deque(url.hosts)
        self._names_statements = url.names_statements is not False
        self._within = url.connect_within or (CONNECT_WITHIN if len(url.hosts) == 1 else _NEXT_AFTER)
        if url.in_any_order:
            self._hosts.rotate(secrets.randbelow(len(url.hosts)))

    @property
    def host(self) -> Host:
        """The server that is asked first."""
        return self._hosts[0]

    async def connect(self) -> Any:
        """Open a connection; whoever fails is asked last the next time, and so is whoever was waited for in vain."""
        failed: Exception = NoneTakesChanges("no server of the URL takes changes")
        for host in tuple(self._hosts):
            try:
                connection = await self._connected(host)
            except PASSED_OVER as error:
                failed = error
                self._ask_last(host)
            except BaseException:
                self._ask_last(host)
                raise
            else:
                return connection
        raise failed

    def _ask_last(self, host: Host) -> None:
        if self._hosts[0] is host:  # and not where another task has found it failing already
            self._hosts.rotate(-1)

    async def _connected(self, host: Host) -> Any:
        """Open a connection, and once more without prepared statements where those would be lost."""
        named = self._names_statements
        connection, found = await self._opened(host, _STATEMENTS_KEPT if named else 0)
        if self._wants_changes and not found.takes_changes:
            connection.terminate()
            raise NoneTakesChanges("no server of the URL takes changes")
        if self._url.names_statements is None:
            self._names_statements = found.keeps_statements
        if named and not self._names_statements:
            connection.terminate()
            connection, _ = await self._opened(host, 0)
        return connection

    async def _opened(self, host: Host, statements_kept: int) -> tuple[Any, Found]:
        connection = await opened(self._url, host, statements_kept=statements_kept, within=self._within)
        try:
            _bound_silence(connection, self._url.gives_up_after or _SILENCE)
            async with asyncio.timeout(self._within):
                return connection, await looked_at(connection)
        except BaseException:
            connection.terminate()
            raise


async def opened(
    url: PostgresUrl, host: Host, *, statements_kept: int = 0, within: float = CONNECT_WITHIN, database: str = ""
) -> Any:
    """Open a connection to one of the hosts, and there to the URL's own database or another."""
    return await asyncpg.connect(
        f"postgresql://?{urlencode(url.encryption)}" if url.encryption else None,
        host=host.address,
        port=host.port,
        user=url.user,
        password=host.password,
        database=database or url.database,
        timeout=within,
        command_timeout=ANSWER_WITHIN,
        statement_cache_size=statements_kept,
        max_cached_statement_lifetime=0,
        server_settings=url.told_to_server,
    )


async def connect_once(url: str) -> Any:
    """Open one connection that prepares no statements, for a command; a ValueError says what is wrong with the URL."""
    return await Connector(replace(postgres_url(url), names_statements=False)).connect()


def _bound_silence(connection: Any, seconds: float) -> None:
    """Give a connection up whose other end acknowledges nothing: a machine that lost its power sends no farewell."""
    line = connection._transport.get_extra_info("socket")  # noqa: SLF001 -- asyncpg gives no other way to it
    if line.family in {socket.AF_INET, socket.AF_INET6} and hasattr(socket, "TCP_USER_TIMEOUT"):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, max(1, round(seconds / 2)))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, round(seconds * 1000))
