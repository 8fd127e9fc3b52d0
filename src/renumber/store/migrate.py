"""Bringing a database to the newest schema."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(url: str) -> None:
    """Run every migration that this database hasn't seen; safe to repeat, and for two processes at once."""
    if url.startswith("sqlite:"):
        _upgrade_sqlite(url)
    else:
        asyncio.run(_upgrade_postgresql(url))


def _upgrade_sqlite(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30})
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
        _run(connection)
        connection.commit()
    engine.dispose()


async def _upgrade_postgresql(url: str) -> None:
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7251086001)")
        await connection.run_sync(_run)
    await engine.dispose()


def _run(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """Alembic's settings, with the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
