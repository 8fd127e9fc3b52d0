"""The way to PostgreSQL as `renumber doctor` tells it: to which server, through which pooler, and in which mode."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from renumber.settings.postgresql.url import Host, PostgresUrl, postgres_url
from renumber.store.database.postgresql_connect import Connector, looked_at, opened
from renumber.store.database.postgresql_faults import FAULTS, fault_of_connecting

_ROUNDS = 4
_SHARED = "transaction mode"
_CONSOLE = "pgbouncer"  # the database by which PgBouncer answers for itself
_NOT_FOR_YOU = "not allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The server that is reached, and what stands between."""

    server: str
    pooler: str  # its name, with the version where it tells; empty without one
    mode: str
    keeps_statements: bool
    is_forced: bool  # prepared statements are asked for where they are lost
    takes_changes: bool


async def way_to(url: str) -> Way:
    """Open two connections and compare the sessions that they get; raises a StoreFault."""
    parsed = postgres_url(url)
    connector = Connector(replace(parsed, names_statements=False), any_server=True)
    try:
        first, second = await connector.connect(), await connector.connect()
        try:
            return await _told(parsed, connector.host, between=(first, second))
        finally:
            first.terminate()
            second.terminate()
    except FAULTS as error:
        raise fault_of_connecting(error) from None


async def _told(url: PostgresUrl, host: Host, *, between: tuple[Any, Any]) -> Way:
    found = await looked_at(between[0])
    names_statements = found.keeps_statements if url.names_statements is None else url.names_statements
    mode = await _mode(*between) if found.is_pooled else ""
    return Way(
        server=f"{host.address}:{host.port}",
        pooler=await _pooler(url, host) if found.is_pooled else "",
        mode=mode,
        keeps_statements=names_statements,
        is_forced=bool(url.names_statements) and mode == _SHARED and not found.keeps_statements,
        takes_changes=found.takes_changes,
    )


async def _mode(first: Any, second: Any) -> str:
    """Find out whether two clients share a session: two in session mode never do, and neither changes its own."""
    seen = [(await _session(first), await _session(second)) for _ in range(_ROUNDS)]
    is_shared = any(one == other for one, other in seen) or len(set(seen)) > 1
    return _SHARED if is_shared else "session mode"


async def _session(connection: Any) -> int:
    return int(await (await connection.prepare("SELECT pg_backend_pid()", name="")).fetchval())


async def _pooler(url: PostgresUrl, host: Host) -> str:
    """Ask for PgBouncer's console, which tells its version to whom it lets in, and refuses others in its words."""
    connection = None
    with suppress(*FAULTS):
        try:
            connection = await opened(url, host, database=_CONSOLE)
            return f"PgBouncer {connection.get_settings().server_version.partition('/')[0]}"
        except asyncpg.ProtocolViolationError as refused:
            return "PgBouncer" if _NOT_FOR_YOU in str(refused) else "a pooler"
        finally:
            if connection:
                connection.terminate()
    return "a pooler"
