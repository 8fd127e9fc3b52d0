"""The schema that a database has and the one that this program needs, found without loading Alembic."""

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg

from renumber.store.database.open import StoreUnavailable, sqlite_path
from renumber.store.database.postgresql_connect import connect_once

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_PRESENT = "SELECT version_num FROM alembic_version"
_OWN, _BEFORE = re.compile(r'^revision = "(\w+)"', re.MULTILINE), re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)
_HAS_NONE_YET = "no such table"


class SchemaTooNew(Exception):
    """A newer version of the program has migrated this database."""


def newest_revision() -> str:
    """Give the schema that this program works with: the migration that no other comes after.

    Their chain decides and not their numbers, which several people give out at the same time.
    """
    texts = [path.read_text(encoding="utf-8") for path in (MIGRATIONS / "versions").rglob("[0-9]*_*.py")]
    own, before = ({found[1] for text in texts if (found := name.search(text))} for name in (_OWN, _BEFORE))
    [newest] = own - before
    return newest


def present_revision(url: str) -> str | None:
    """Read which schema the database has; None if it has none yet."""
    with worded():
        if url.startswith("sqlite:"):
            return _present_in_sqlite(sqlite_path(url))
        return asyncio.run(_present_in_postgresql(url))


def _present_in_sqlite(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        try:
            row = connection.execute(_PRESENT).fetchone()
        except sqlite3.OperationalError as error:
            if _HAS_NONE_YET not in str(error):
                raise
            return None
    return str(row[0]) if row else None


async def _present_in_postgresql(url: str) -> str | None:
    connection = await connect_once(url)
    try:
        return await connection.fetchval(_PRESENT)  # type: ignore[no-any-return]  # asyncpg gives no types
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()


@contextmanager
def worded() -> Iterator[None]:
    """Say in one line why the database can't be used, without the statement and its values."""
    try:
        yield
    except (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StoreUnavailable(f"The database can't be used: {first_line(error)}") from None
    except OSError as error:
        raise StoreUnavailable(f"The database can't be reached: {first_line(error)}") from None


def first_line(error: BaseException | None) -> str:
    """Give the first line of an error, without what the driver adds to it."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
