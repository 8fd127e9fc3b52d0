"""Choosing the database that a URL names; the rest of the store imports its names from here."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from renumber.store.database.interface import (
    COUNT,
    ConstraintViolated,
    Count,
    Database,
    Row,
    StoreBusy,
    StoreFault,
    StoreUnavailable,
    Transaction,
    counting,
)
from renumber.store.database.postgresql import PostgresDatabase
from renumber.store.database.sqlite import SqliteDatabase
from renumber.store.database.statement import Compiled, Statement, Values

__all__ = [
    "COUNT",
    "Compiled",
    "ConstraintViolated",
    "Count",
    "Database",
    "Row",
    "Statement",
    "StoreBusy",
    "StoreFault",
    "StoreUnavailable",
    "Transaction",
    "Values",
    "counting",
    "open_database",
    "sqlite_path",
]


def open_database(url: str, *, pool_size: int = 10, readers: int = 4) -> Database:
    """Make the database of this URL, not yet started: `sqlite:///file` or `postgresql://user@host/name`.

    `pool_size` is PostgreSQL's number of connections per process, `readers` SQLite's.
    """
    if url.startswith("sqlite:"):
        return SqliteDatabase(sqlite_path(url), readers=readers)
    if url.startswith(("postgresql:", "postgres:")):
        return PostgresDatabase(url, pool_size=pool_size)
    raise ValueError("The database URL must begin with sqlite:/// or postgresql://")


def sqlite_path(url: str) -> Path:
    """Read the file's path from a SQLite URL; a database in memory is refused, for each connection has its own."""
    try:
        path = make_url(url).database
    except ArgumentError:
        path = None
    if not path or path == ":memory:":
        raise ValueError("The database URL must name a file, for example sqlite:///renumber.db")
    return Path(path)
