"""On PostgreSQL texts compare by their bytes, whatever the database sorts by, in new databases and in older ones."""

import asyncio

from alembic import command, config
from sqlalchemy import Connection

from harness.postgres import PostgresServer, in_a_thread
from harness.tables import rows_of, write_to
from renumber.store.schema.migrate import _postgresql, configured, upgrade

OTHERWISE = """
    SELECT c.relname || '.' || a.attname AS place
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i') AND a.attnum > 0 AND NOT a.attisdropped
    AND c.relname NOT LIKE 'alembic%' AND o.collname <> 'C'
"""


def test_the_databases_of_the_tests_sort_as_germans_do(postgres: PostgresServer, postgresql_url: str) -> None:
    (found,) = rows_of(
        postgresql_url,
        "SELECT datlocprovider = 'i' AS icu, '~' < '0' AS is_first FROM pg_database WHERE datname = current_database()",
    )

    assert found == {"icu": True, "is_first": True} if postgres.knows_icu() else found


def test_every_text_and_every_index_over_one_compares_by_bytes(postgresql_url: str) -> None:
    assert rows_of(postgresql_url, OTHERWISE) == []


def test_a_database_of_before_is_brought_to_it_and_keeps_its_rows(postgres: PostgresServer) -> None:
    url = postgres.create("renumber_of_before")
    in_a_thread(asyncio.run, _upgraded_to(url, "0004"))
    write_to(url, "INSERT INTO counter (counter_key, times, expires_at) VALUES ('k', '[7]', 1)")
    write_to(url, "INSERT INTO lease (task, holder, until) VALUES ('a task', 'me', 1)")
    before = len(rows_of(url, OTHERWISE))

    in_a_thread(upgrade, url)

    assert before > 50
    assert rows_of(url, OTHERWISE) == []
    assert rows_of(url, "SELECT times, task FROM counter, lease") == [{"times": "[7]", "task": "a task"}]
    postgres.drop("renumber_of_before")


async def _upgraded_to(url: str, revision: str) -> None:
    engine = _postgresql(url)
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade, revision)
    await engine.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    command.upgrade(configured(config.Config(), connection), revision)
