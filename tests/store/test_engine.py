"""The engine behaves alike on both databases."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from threading import Event

import asyncpg
import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, bindparam, insert, select, text, update

from harness.postgres import PostgresServer
from renumber.store.database.open import (
    ConstraintViolated,
    Database,
    Statement,
    StoreBusy,
    StoreUnavailable,
    counting,
    open_database,
    sqlite_path,
)
from renumber.store.database.sqlite import SqliteDatabase
from renumber.store.database.sqlite_threads import Threads

_TABLE = "CREATE TABLE note (account_id TEXT PRIMARY KEY, times BIGINT NOT NULL CHECK (times < 1000))"
_numbers = count(1)
_note = Table("note", MetaData(), Column("account_id", Text, primary_key=True), Column("times", BigInteger))

ADD = Statement(insert(_note))
ADD_AND_TELL = Statement(insert(_note).returning(_note.c.times))
READ = Statement(select(_note).where(_note.c.account_id == bindparam("id")))
READ_ALL = Statement(select(_note))
RAISE = Statement(update(_note).where(_note.c.account_id == bindparam("id")).values(times=_note.c.times + 1))
WHO_SERVES = Statement(text("SELECT pg_backend_pid()"))
RAISE_ALL = Statement(update(_note).values(times=_note.c.times + 1))


def a_note(account_id: str = "anna", times: int = 1) -> dict[str, object]:
    return {"account_id": account_id, "times": times}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a database without a table, on each engine in turn."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/engine.db"


@pytest.fixture
def empty_postgresql_url(postgres: PostgresServer) -> Iterator[str]:
    name = f"engine_{next(_numbers)}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
async def database(empty_url: str) -> AsyncIterator[Database]:
    await _create_table(empty_url)
    database = open_database(empty_url, pool_size=3)
    await database.start()
    yield database
    await database.close()


async def _create_table(url: str) -> None:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(sqlite_path(url))
        connection.execute(_TABLE)
        connection.close()
    else:
        other = await asyncpg.connect(url)
        await other.execute(_TABLE)
        await other.close()


async def times_of(database: Database, account_id: str = "anna") -> int | None:
    """Read in a new transaction."""
    rows = await database.fetch(READ, {"id": account_id})
    return rows[0]["times"] if rows else None


async def test_one_writing_statement_is_its_own_transaction(database: Database) -> None:
    rows = await database.run(ADD_AND_TELL, a_note(times=7))

    assert [row["times"] for row in rows] == [7]
    assert await times_of(database) == 7


async def test_a_transaction_lasts_once_it_is_committed(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(ADD, a_note())
        await transaction.commit()

    assert await times_of(database) == 1


async def test_a_transaction_without_a_commit_leaves_nothing(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(ADD, a_note())

    assert await times_of(database) is None


async def test_an_exception_rolls_the_transaction_back(database: Database) -> None:
    async def fail_within() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(ADD, a_note())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_within()

    assert await times_of(database) is None


async def test_a_transaction_sees_its_own_writes_and_others_do_not(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(ADD, a_note())

        assert len(await transaction.fetch(READ, {"id": "anna"})) == 1
        assert await times_of(database) is None


async def test_execute_says_how_many_rows_it_touched(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute_many(ADD, [a_note("anna"), a_note("bert"), a_note("cleo")])

        assert await transaction.execute(RAISE, {"id": "nobody"}) == 0
        assert await transaction.execute(RAISE, {"id": "bert"}) == 1
        assert await transaction.execute(RAISE_ALL, {}) == 3


async def test_an_empty_transaction_can_be_committed(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.commit()

    assert await times_of(database) is None


async def test_a_violated_constraint_names_its_kind_and_quotes_no_value(database: Database) -> None:
    await database.run(ADD, a_note("secret-value"))

    with pytest.raises(ConstraintViolated) as duplicate:
        await database.run(ADD, a_note("secret-value"))
    with pytest.raises(ConstraintViolated) as too_many:
        await database.run(ADD, a_note("other", times=1000))

    assert (duplicate.value.kind, too_many.value.kind) == ("unique", "check")
    assert "secret-value" not in f"{duplicate.value!r}{duplicate.value.__cause__!r}"
    assert duplicate.value.__suppress_context__


async def test_after_a_failed_statement_a_transaction_can_only_roll_back(database: Database) -> None:
    await database.run(ADD, a_note("anna"))

    async with database.transaction() as transaction:
        await transaction.execute(ADD, a_note("bert"))
        with pytest.raises(ConstraintViolated):
            await transaction.execute(ADD, a_note("anna"))
        with pytest.raises(AssertionError):
            await transaction.commit()

    assert await times_of(database, "bert") is None


async def test_nothing_can_follow_a_commit(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.commit()

        with pytest.raises(AssertionError):
            await transaction.execute(ADD, a_note())


async def test_a_missing_value_is_a_bug_before_anything_is_sent(database: Database) -> None:
    with pytest.raises(KeyError):
        await database.fetch(READ, {})


async def test_fifty_transactions_at_once_lose_no_update(database: Database) -> None:
    await database.run(ADD, a_note(times=0))

    async def raise_once() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(RAISE, {"id": "anna"})
            await transaction.commit()

    await asyncio.gather(*(raise_once() for _ in range(50)))

    assert await times_of(database) == 50


async def test_two_processes_lose_no_update(database: Database, empty_url: str) -> None:
    other = open_database(empty_url)
    await other.start()
    await database.run(ADD, a_note(times=0))

    async def raise_once(through: Database) -> None:
        async with through.transaction() as transaction:
            before = await transaction.fetch(READ, {"id": "anna"})
            await transaction.execute(RAISE, {"id": "anna"})
            await transaction.commit()
            assert before

    await asyncio.gather(*(raise_once(through) for through in (database, other) for _ in range(20)))
    await other.close()

    assert await times_of(database) == 40


async def test_a_cancelled_request_rolls_back_and_gives_the_connection_back(database: Database) -> None:
    inside = asyncio.Event()

    async def stay() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(ADD, a_note())
            inside.set()
            await asyncio.sleep(60)
            await transaction.commit()

    for _ in range(6):  # more often than the pool has connections
        inside.clear()
        task = asyncio.create_task(stay())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert await times_of(database) is None
    await database.run(ADD, a_note())


@pytest.mark.parametrize("turns", range(8))
async def test_a_request_cancelled_at_any_point_leaves_all_or_nothing(database: Database, turns: int) -> None:
    async def add_two() -> None:
        async with database.transaction() as transaction:
            await transaction.execute(ADD, a_note("anna"))
            await transaction.execute(ADD, a_note("bert"))
            await transaction.commit()

    task = asyncio.create_task(add_two())
    for _ in range(turns):
        await asyncio.sleep(0.0002 * turns)
    task.cancel()
    await asyncio.wait([task])

    await database.run(ADD, a_note("cleo"))
    assert len(await database.fetch(READ_ALL, {})) in {1, 3}


async def test_a_statement_that_timed_out_in_a_transaction_cannot_be_committed_around(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.execute(ADD, a_note())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await transaction.execute(RAISE_ALL, {})
        with pytest.raises(AssertionError):
            await transaction.commit()

    assert await times_of(database) is None


async def test_statements_and_commits_of_one_request_are_counted(database: Database) -> None:
    await database.run(ADD, a_note())

    with counting() as counted:
        await database.fetch(READ, {"id": "anna"})
        await asyncio.create_task(database.run(RAISE_ALL, {}))
        async with database.transaction() as transaction:
            await transaction.execute(RAISE_ALL, {})
            await transaction.fetch(READ, {"id": "anna"})
            await transaction.commit()
        async with database.transaction() as transaction:
            await transaction.execute_many(ADD, [a_note("bert"), a_note("cleo")])
        assert database.count is counted

    assert (counted.statements, counted.commits) == (5, 2)
    assert database.count is not counted


async def test_what_fetch_reads_is_what_run_has_just_written(database: Database) -> None:
    await database.run(ADD, a_note(times=0))

    for times in range(1, 40):
        await database.run(RAISE_ALL, {})
        assert await times_of(database) == times


async def test_a_database_that_does_not_answer_is_told_at_the_start(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/absent/renumber.db", "postgresql://nobody@127.0.0.1:1/none"):
        database = open_database(url)

        with pytest.raises(StoreUnavailable):
            await database.start()

        await database.close()


async def test_a_postgresql_that_takes_no_changes_is_unavailable_until_it_does(
    empty_postgresql_url: str, postgres: PostgresServer
) -> None:
    await _create_table(empty_postgresql_url)
    name = empty_postgresql_url.rpartition("/")[2]
    postgres.command(f"ALTER DATABASE {name} SET default_transaction_read_only = on")  # as a standby is
    database = open_database(empty_postgresql_url, pool_size=1)
    await database.start()

    with pytest.raises(StoreUnavailable, match="takes no changes now: ReadOnlySQLTransactionError"):
        await database.run(ADD, a_note())
    with pytest.raises(StoreUnavailable, match="takes no changes now"):
        async with database.transaction() as tx:
            await tx.execute(ADD, a_note())
    postgres.command(f"ALTER DATABASE {name} SET default_transaction_read_only = off")
    await database.run(ADD, a_note())

    assert len(await database.fetch(READ_ALL)) == 1
    await database.close()


@pytest.mark.parametrize("url", ["mysql://host/db", "sqlite://", "sqlite:///:memory:", "renumber.db"])
def test_an_unusable_url_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match="The database URL must"):
        open_database(url)


class TestSqlite:
    @pytest.fixture
    def empty_url(self, empty_sqlite_url: str) -> str:
        return empty_sqlite_url

    async def test_the_file_is_kept_safely(self, database: Database) -> None:
        rows = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            statement = Statement(text(f"PRAGMA {pragma}"))
            async with database.transaction() as transaction:
                rows[pragma] = (await transaction.fetch(statement, {}))[0][0]

        assert rows == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}

    async def test_fetch_can_only_read(self, database: Database) -> None:
        with pytest.raises(StoreUnavailable, match="readonly"):
            await database.fetch(ADD, a_note())

    async def test_another_process_that_keeps_the_file_locked_is_a_fault(self, empty_url: str) -> None:
        await _create_table(empty_url)
        database = SqliteDatabase(sqlite_path(empty_url), readers=1, patience=0.05)
        await database.start()
        holder = sqlite3.connect(sqlite_path(empty_url), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreBusy):
            await database.run(ADD, a_note())
        with pytest.raises(StoreBusy):
            async with database.transaction() as transaction:
                await transaction.execute(ADD, a_note())
        holder.execute("ROLLBACK")
        holder.close()

        await database.run(ADD, a_note())
        assert await times_of(database) == 1
        await database.close()

    async def test_a_neighbour_that_keeps_the_writer_is_a_fault(self, empty_url: str) -> None:
        database = SqliteDatabase(sqlite_path(empty_url), readers=1, patience=0.05)
        await database.start()

        async with database.transaction():
            with pytest.raises(StoreBusy):
                await asyncio.create_task(database.run(READ_ALL, {}))
        await database.close()

    async def test_a_process_that_prepares_the_file_is_waited_for(self, empty_url: str) -> None:
        await _create_table(empty_url)
        holder = sqlite3.connect(sqlite_path(empty_url), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        database = open_database(empty_url)

        starting = asyncio.create_task(database.start())
        await asyncio.sleep(0.3)
        holder.execute("ROLLBACK")
        holder.close()
        await starting

        await database.run(ADD, a_note())
        await database.close()

    async def test_many_processes_may_open_a_fresh_file_at_once(self, empty_url: str) -> None:
        databases = [open_database(empty_url) for _ in range(16)]

        await asyncio.gather(*(database.start() for database in databases))

        for database in databases:
            await database.close()

    async def test_a_transaction_within_a_transaction_is_a_bug(self, database: Database) -> None:
        async with database.transaction():
            with pytest.raises(AssertionError):
                await database.run(ADD, a_note())


class TestPostgresql:
    @pytest.fixture
    def empty_url(self, empty_postgresql_url: str) -> str:
        return empty_postgresql_url

    async def test_a_lost_connection_is_a_fault_and_the_pool_recovers(self, database: Database, empty_url: str) -> None:
        await database.run(ADD, a_note())

        async def be_cut_off() -> None:
            async with database.transaction() as transaction:
                await transaction.execute(RAISE_ALL, {})
                await _disconnect_all(empty_url)
                await transaction.execute(RAISE_ALL, {})

        with pytest.raises(StoreUnavailable):
            await be_cut_off()

        for _ in range(4):
            assert await times_of(database) == 1

    async def test_one_connection_serves_one_transaction_after_another(self, database: Database) -> None:
        served_by = set()
        for ends_well in (True, False, True):
            async with database.transaction() as transaction:
                served_by.add((await transaction.fetch(WHO_SERVES, {}))[0][0])
                if ends_well:
                    await transaction.commit()

        served_by.add((await database.fetch(WHO_SERVES, {}))[0][0])

        assert len(served_by) == 1

    async def test_a_statement_given_up_midway_leaves_its_place_to_the_next(self, database: Database) -> None:
        for _ in range(6):  # more often than there are connections
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(database.fetch(Statement(text("SELECT pg_sleep(60)")), {}), 0.05)

        await database.run(ADD, a_note())
        assert await times_of(database) == 1

    @pytest.mark.parametrize("turns", range(6))
    async def test_a_transaction_given_up_while_it_begins_stays_open_for_nobody(
        self, database: Database, empty_url: str, turns: int
    ) -> None:
        async def begin() -> None:
            async with database.transaction():
                await asyncio.sleep(60)

        await database.run(ADD, a_note(times=0))
        task = asyncio.create_task(begin())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        await database.run(RAISE_ALL, {})

        other = await asyncpg.connect(empty_url)
        assert await other.fetchval("SELECT times FROM note") == 1
        await other.close()

    async def test_more_requests_than_connections_wait_for_their_turn(self, database: Database) -> None:
        await database.run(ADD, a_note(times=0))

        seen = await asyncio.gather(*(times_of(database) for _ in range(50)))

        assert set(seen) == {0}

    async def test_a_value_that_does_not_fit_is_a_bug_and_is_not_quoted(self, database: Database) -> None:
        with pytest.raises(AssertionError) as caught:
            await database.run(ADD, a_note() | {"times": "secret-value"})

        assert "secret-value" not in str(caught.value)


async def _disconnect_all(url: str) -> None:
    other = await asyncpg.connect(url)
    await other.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await other.close()


async def test_a_closed_sqlite_takes_no_work_that_nobody_would_do(empty_sqlite_url: str) -> None:
    database = open_database(empty_sqlite_url)
    await database.start()
    await database.run(Statement(text(_TABLE)))
    await database.close()

    async with asyncio.timeout(5):
        with pytest.raises(RuntimeError, match="closed"):
            await database.fetch(READ_ALL)


async def test_sqlite_does_not_begin_what_is_cancelled_while_it_is_queued() -> None:
    threads, busy, begun = Threads("one", 1), Event(), []

    first = threads.submit(busy.wait)
    second = threads.submit(lambda: begun.append("cancelled"))
    third = threads.submit(lambda: begun.append("wanted"))
    second.cancel()
    busy.set()
    await asyncio.gather(first, third)
    threads.end()

    assert begun == ["wanted"]
