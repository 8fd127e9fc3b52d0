"""The schema: what the migrations make is what the tables say, and a database that can't be used is said so."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from harness.ports import free_port
from harness.postgres import PostgresServer, in_a_thread
from renumber.store.database.open import StoreUnavailable
from renumber.store.schema.migrate import configured, upgrade
from renumber.store.schema.revision import SchemaTooNew, newest_revision, present_revision
from renumber.store.schema.tables import metadata
from renumber.store.schema.upgrade import upgrade_if_needed


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Open a database as Alembic does."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_the_migrations_make_what_the_tables_say(sqlite_url: str) -> None:
    with connected(sqlite_url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_without_a_schema_is_told_from_a_migrated_one(database_url: str, tmp_path: Path) -> None:
    assert in_a_thread(present_revision, database_url) == newest_revision()
    assert present_revision(f"sqlite:///{tmp_path}/none.db") is None
    assert not (tmp_path / "none.db").exists()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    in_a_thread(upgrade, database_url)

    assert in_a_thread(present_revision, database_url) == newest_revision()


def test_a_start_on_a_migrated_database_loads_nothing_of_the_migrations(sqlite_url: str) -> None:
    start = "import sys; from renumber.store.schema.upgrade import upgrade_if_needed; upgrade_if_needed(sys.argv[1])"
    loaded = "print([name for name in ('alembic', 'sqlalchemy.ext.asyncio') if name in sys.modules])"

    command = [sys.executable, "-c", f"{start}; {loaded}", sqlite_url]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)

    assert (ran.stdout, ran.stderr) == ("[]\n", "")


def test_a_start_on_an_empty_database_migrates_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"

    upgrade_if_needed(url)

    assert present_revision(url) == newest_revision()


def test_a_database_of_a_newer_version_is_left_alone(sqlite_url: str) -> None:
    with connected(sqlite_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaTooNew, match="A newer version of Renumber"):
        upgrade(sqlite_url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/renumber.db", "postgresql://nobody@127.0.0.1:{port}/renumber"])
def test_a_database_that_can_not_be_reached_is_said_so_in_one_line(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="can't be") as caught:
        in_a_thread(upgrade, url.format(port=free_port()))

    assert "\n" not in str(caught.value)


def test_a_wrong_password_is_said_so_without_repeating_it(postgres: PostgresServer) -> None:
    url = postgres.database("postgres").replace("renumber:", "renumber:not-the-")

    with pytest.raises(StoreUnavailable, match="password authentication failed") as caught:
        in_a_thread(upgrade, url)

    assert "not-the-" not in str(caught.value)


@pytest.mark.parametrize("query", ["sslmode=disable", "application_name=renumber"])
def test_whatever_the_driver_knows_in_a_url_holds_for_migrations_too(postgresql_url: str, query: str) -> None:
    url = f"{postgresql_url}?{query}"

    in_a_thread(upgrade, url)

    assert in_a_thread(present_revision, url) == newest_revision()


def test_a_database_without_the_encryption_that_is_asked_for_is_said_so(postgresql_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="rejected SSL upgrade"):
        in_a_thread(upgrade, f"{postgresql_url}?sslmode=require")


def test_the_newest_schema_is_the_end_of_the_chain_whatever_the_numbers(sqlite_url: str) -> None:
    with connected(sqlite_url) as connection:
        chain = ScriptDirectory.from_config(configured(Config(), connection))

    assert chain.get_heads() == [newest_revision()]


def test_a_start_on_the_schema_before_the_newest_migrates_it(sqlite_url: str) -> None:
    with connected(sqlite_url) as connection:
        before = ScriptDirectory.from_config(configured(Config(), connection)).get_revision(newest_revision())
        command.downgrade(configured(Config(), connection), str(before.down_revision))
    assert present_revision(sqlite_url) == before.down_revision

    upgrade_if_needed(sqlite_url)

    assert present_revision(sqlite_url) == newest_revision()
