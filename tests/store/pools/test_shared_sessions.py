"""What the store sends is right whichever session of the server a pooler gives it, and what a pooler refuses passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from urllib.parse import quote

import pytest
from sqlalchemy import Integer, bindparam, cast, select, text

from harness.pgbouncer import running_pgbouncer
from harness.postgres import PostgresServer
from renumber.store.database.open import Database, Statement, StoreUnavailable, open_database
from renumber.store.schema.migrate import upgrade
from renumber.store.schema.revision import newest_revision, present_revision

SESSION = Statement(text("SELECT pg_backend_pid()"))
PREPARED = Statement(text("SELECT count(*) FROM pg_prepared_statements"))
ECHO = [Statement(select(cast(bindparam("given"), Integer).label(f"echo_{turn}"))) for turn in range(6)]
roles = count(1)


@asynccontextmanager
async def opened(url: str, *, pool_size: int = 10) -> AsyncIterator[Database]:
    """A database that is closed at the end."""
    database = open_database(url, pool_size=pool_size)
    try:
        await database.start()
        yield database
    finally:
        await database.close()


async def test_each_answer_belongs_to_its_question_when_ten_connections_share_two(
    pgbouncer: None, postgresql_url: str
) -> None:
    async def ask(database: Database, given: int) -> None:
        statement = ECHO[given % len(ECHO)]
        assert (await database.fetch(statement, {"given": given}))[0][0] == given
        async with database.transaction() as tx:
            sessions = {(await tx.fetch(SESSION))[0][0] for _ in range(3)}
            assert (await tx.fetch(statement, {"given": given}))[0][0] == given
            assert len(sessions) == 1

    with running_pgbouncer(postgresql_url, mode="transaction", servers=2) as through:
        async with opened(through) as database:
            await asyncio.gather(*(ask(database, given) for given in range(120)))


async def test_a_pooler_that_allows_no_transactions_is_told_at_the_start(pgbouncer: None, postgresql_url: str) -> None:
    with (
        running_pgbouncer(postgresql_url, mode="statement") as through,
        pytest.raises(StoreUnavailable, match="not allowed in statement pooling mode"),
    ):
        async with opened(through):
            pass


async def test_a_pooler_that_is_full_is_unavailable_and_not_a_bug(pgbouncer: None, postgresql_url: str) -> None:
    with running_pgbouncer(postgresql_url, mode="session", servers=1, more="query_wait_timeout = 1") as through:
        async with opened(through, pool_size=2) as database, database.transaction() as tx:
            await tx.fetch(SESSION)
            with pytest.raises(StoreUnavailable):
                await database.fetch(SESSION)


@pytest.mark.parametrize(("asked", "kept"), [("yes", 1), ("no", 0), ("auto", 0)])
async def test_the_url_may_ask_for_prepared_statements_or_for_none(
    pgbouncer: None, postgresql_url: str, asked: str, kept: int
) -> None:
    with running_pgbouncer(postgresql_url, mode="session") as through:
        async with opened(f"{through}?prepared_statements={asked}", pool_size=1) as database:
            assert (await database.fetch(PREPARED))[0][0] == kept


@pytest.mark.parametrize(
    "form",
    [
        "postgresql://{login}@/postgres?host={folder}&port={port}",
        "postgresql://{login}@{escaped}:{port}/postgres",
        "postgresql://{login}@127.0.0.1:1,127.0.0.1:{port}/postgres",
        "postgresql://{login}@127.0.0.1,{escaped}/postgres?port=1,{port}&target_session_attrs=primary",
        "postgresql://{login}@localhost:{port}/postgres?hostaddr=127.0.0.1&target_session_attrs=read-write",
        "postgres://{login}@127.0.0.1:{port}/?database=postgres&sslmode=prefer&connect_timeout=3&keepalives=1",
        "postgresql://{login}@127.0.0.1:{port}/postgres?options=-c%20default_transaction_read_only%3Doff&channel_binding=prefer",
    ],
)
async def test_a_server_is_reached_however_libpq_would_be_told_of_it(postgres: PostgresServer, form: str) -> None:
    login, _, at = postgres.url.removeprefix("postgresql://").rpartition("@")
    escaped = quote(str(postgres.folder), safe="")
    url = form.format(login=login, folder=postgres.folder, escaped=escaped, port=at.rpartition(":")[2])

    async with opened(url, pool_size=2) as database:
        assert await database.fetch(SESSION)


async def test_a_server_that_is_down_is_passed_over_by_all_who_connect_at_once(postgresql_url: str) -> None:
    async def hold(database: Database, together: asyncio.Barrier) -> None:
        async with database.transaction() as tx:
            await together.wait()
            await tx.fetch(SESSION)

    url = postgresql_url.replace("@", "@127.0.0.1:1,127.0.0.1:2,")
    database, together = open_database(url, pool_size=8), asyncio.Barrier(8)
    try:
        async with asyncio.timeout(10):
            await asyncio.gather(*(hold(database, together) for _ in range(8)))
    finally:
        await database.close()


async def test_statements_are_prepared_once_where_nothing_stands_between(postgresql_url: str) -> None:
    async with opened(postgresql_url, pool_size=1) as database:
        assert (await database.fetch(PREPARED))[0][0] == 1


def test_migrations_pass_a_pooler_once_and_again(pgbouncer: None, postgres: PostgresServer) -> None:
    url = postgres.create("migrated_through")
    with running_pgbouncer(url, mode="transaction", servers=1) as through:
        for _ in range(2):
            upgrade(through)
            assert present_revision(through) == newest_revision()


async def test_a_server_that_refuses_the_password_is_unavailable_until_it_takes_it(postgres: PostgresServer) -> None:
    role = f"changed_{next(roles)}"
    postgres.command(f"CREATE ROLE {role} LOGIN PASSWORD 'one'")
    at = postgres.url.rpartition("@")[2]
    async with opened(f"postgresql://{role}:one@{at}/postgres", pool_size=1) as database:
        postgres.command(f"ALTER ROLE {role} PASSWORD 'two'")
        with pytest.raises(StoreUnavailable):
            await database.fetch(Statement(text("SELECT pg_terminate_backend(pg_backend_pid())")))

        with pytest.raises(StoreUnavailable, match="takes no connection now: InvalidPasswordError"):
            await database.fetch(SESSION)
        postgres.command(f"ALTER ROLE {role} PASSWORD 'one'")

        assert await database.fetch(SESSION)
