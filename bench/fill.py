"""Filling a PostgreSQL database with the accounts of years: what two people have left, over and over, by bulk SQL."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from renumber.store.schema.tables import metadata

AT_ONCE = 50_000  # accounts in one transaction
ONE_CHANGED_OF = 10  # accounts: the others have signed in once
NOT_COPIED = ("audit_checkpoint", "audit_mark", "audit_start", "counter", "email_lookup", "server_key", "staff_member")
BACKLOG = 300_000  # rows, more than can be purged while a journey is measured
LONG_AGO = 1_000  # milliseconds after 1970
# Keys that are looked for are different in every copy: an index over one value has another shape.
OF_ITS_OWN = ("token_key", "number_key", "browser_key", "credential_key")
# Ids in the order in which they are made, spread over all there can be: people who sign in meanwhile come between.
ID = "lpad(to_hex({g}::bigint * ({space} / {size})), 15, '0') || lpad(to_hex({g}::bigint), 17, '0')"
SPACE = 16**15 - 1


async def fill(url: str, size: int, *, signed_in: str, changed: str) -> None:
    """Add accounts until there are so many: copies of somebody who has signed in, and of somebody who has changed."""
    async with _connected(url) as connection:
        await connection.execute("UPDATE account SET refusals = NULL, refusals_until = NULL")
        tables = _copied()
        async with _without_indexes(connection):
            for first in range(1, size + 1, AT_ONCE):
                upto = min(first + AT_ONCE - 1, size)
                async with connection.transaction():
                    for table, columns in tables:
                        for whom, share in ((changed, "="), (signed_in, "<>")):
                            await connection.execute(_copy(table, columns, size=size, share=share), first, upto, whom)
                    await connection.execute(_LOOKUPS.format(id=_id(size)), first, upto)
                    await connection.execute(_COUNTERS, first, upto)
        await connection.execute("DELETE FROM lease")
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")


async def leave_backlog(url: str) -> None:
    """Add what ended long ago and was never purged: counts of tries, sign-ins and codes."""
    async with _connected(url) as connection:
        await connection.execute("DELETE FROM lease")  # of a server that has ended: the next begins at once
        share = BACKLOG // 3
        await connection.execute(_OLD_COUNTERS, share, LONG_AGO)
        for table in ("sign_in", "challenge"):
            columns = [column.name for column in metadata.tables[table].c]
            changed = {"expires_at": str(LONG_AGO), "sign_in_id": "'old'", "slot": "'old'"}
            chosen = ", ".join(changed.get(name, name) for name in columns)
            some = f"SELECT DISTINCT ON (account_id) {chosen} FROM {table} LIMIT $1"  # noqa: S608 - ours
            await connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) {some} ON CONFLICT DO NOTHING", share)


async def backlog_left(url: str) -> int:
    """Count the rows that are still to be purged."""
    counted = [
        f"(SELECT count(*) FROM {table} WHERE expires_at <= {LONG_AGO})"  # noqa: S608 - our own tables
        for table in ("counter", "sign_in", "challenge")
    ]
    async with _connected(url) as connection:
        return int(await connection.fetchval(f"SELECT {' + '.join(counted)}"))


_LOOKUPS = """
    INSERT INTO email_lookup (email_key, account_id)
    SELECT sha256(('e' || g)::bytea), {id} FROM generate_series($1::bigint, $2::bigint) g
"""
_COUNTERS = """
    INSERT INTO counter (counter_key, times, expires_at)
    SELECT sha256(('c' || g)::bytea), '[1764547200000]', extract(epoch FROM now())::bigint * 1000 + 86400000
    FROM generate_series($1::bigint, $2::bigint) g
"""
_OLD_COUNTERS = """
    INSERT INTO counter (counter_key, times, expires_at)
    SELECT sha256(('old' || g)::bytea), '[]', $2::bigint FROM generate_series(1, $1::bigint) g
"""


def _id(size: int) -> str:
    return ID.format(g="g", space=SPACE, size=size + 1)


def _copy(table: str, columns: Sequence[str], *, size: int, share: str) -> str:
    """Copy what somebody has in a table for each of these accounts, the tenth ones or all others."""
    values = [_id(size) if name == "account_id" else _value(table, name) for name in columns]
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608 - our own tables
        f"FROM generate_series($1::bigint, $2::bigint) g CROSS JOIN {table} t "
        f"WHERE t.account_id = $3 AND g % {ONE_CHANGED_OF} {share} 0"
    )


def _value(table: str, column: str) -> str:
    if column in OF_ITS_OWN:
        its_key = {"link": "t.link_id", "passkey": "t.passkey_id"}.get(table, "''")
        return f"CASE WHEN t.{column} IS NULL THEN NULL ELSE sha256(({its_key} || g)::bytea) END"
    return f"t.{column}"


def _copied() -> list[tuple[str, list[str]]]:
    copied = [table for table in metadata.sorted_tables if "account_id" in table.c and table.name not in NOT_COPIED]
    return [(table.name, [column.name for column in table.c]) for table in copied]


@asynccontextmanager
async def _without_indexes(connection: Any) -> AsyncIterator[None]:
    """Take the indexes away but for the keys, and build them anew at the end: that takes a part of the time."""
    found = await connection.fetch(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i JOIN pg_class c ON c.oid = to_regclass(i.indexname) "
        "WHERE i.schemaname = current_schema() AND NOT c.relispartition "
        "AND i.indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    for row in found:
        await connection.execute(f'DROP INDEX "{row["indexname"]}"')
    yield
    for row in found:
        await connection.execute(row["indexdef"])


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url, timeout=10, command_timeout=3600)
    try:
        await connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'")
        yield connection
    finally:
        async with asyncio.timeout(10):
            await connection.close()
