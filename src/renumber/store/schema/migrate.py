"""Running the migrations. Alembic and SQLAlchemy's engine are loaded by the functions that use them.

Together they take 0.4 s to import, a fifth of the time in which a server is to be ready, and most starts find nothing
to migrate.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from renumber.store.database.interface import StoreUnavailable
from renumber.store.database.open import sqlite_path
from renumber.store.database.postgresql_connect import connect_once
from renumber.store.database.sqlite_files import create_private
from renumber.store.schema.collation import compare_by_bytes
from renumber.store.schema.partitions import spread
from renumber.store.schema.revision import MIGRATIONS, SchemaTooNew, first_line, worded

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import AsyncEngine


def upgrade(url: str, *, partitions: int = 0) -> None:
    """Run every migration that this database hasn't seen; safe to repeat, and for two processes at once.

    With `partitions`, the tables of a PostgreSQL database are then spread over so many. What was spread stays so.
    """
    with _worded():
        if url.startswith("sqlite:"):
            assert not partitions, "SQLite has no partitions"
            _upgrade_sqlite(url)
        else:
            asyncio.run(_upgrade_postgresql(url, partitions))


def _upgrade_sqlite(url: str) -> None:
    create_private(sqlite_path(url))
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        _run(connection)
    engine.dispose()


async def _upgrade_postgresql(url: str, partitions: int) -> None:
    engine = _postgresql(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7251086001)")
        await connection.run_sync(_run)
        if partitions:
            await connection.run_sync(spread, partitions)
    await engine.dispose()


def _postgresql(url: str) -> "AsyncEngine":
    """Connect as the service does: SQLAlchemy knows no second host, no `sslmode` and the like.

    Statements have no names, which a pooler would keep for whoever comes next.
    """
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 -- 0.2 s that most starts save

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect_once(url),
        connect_args={"prepared_statement_cache_size": 0, "prepared_statement_name_func": lambda: ""},
        poolclass=NullPool,
    )


def _run(connection: Connection) -> None:
    from alembic import command, config, util  # noqa: PLC0415 -- 0.2 s that most starts save

    try:
        command.upgrade(configured(config.Config(), connection), "head")
    except util.CommandError as error:
        raise SchemaTooNew(f"A newer version of Renumber has migrated this database ({error}).") from None
    compare_by_bytes(connection)


def configured(config: "Config", connection: Connection) -> "Config":
    """Tell Alembic where the migrations are, and which connection to use."""
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("recursive_version_locations", "true")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _worded() -> Iterator[None]:
    """Say in one line why the database can't be used, without the statement and its values."""
    try:
        with worded():
            yield
    except DBAPIError as error:
        raise StoreUnavailable(f"The database can't be used: {first_line(error.orig)}") from None
