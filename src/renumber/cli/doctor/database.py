"""Checks of the way to the database, and of whether it takes changes."""

from collections.abc import AsyncIterator

from renumber.cli.console import Check
from renumber.settings import Settings
from renumber.store.database.open import Database, StoreFault
from renumber.store.database.postgresql_way import Way, way_to
from renumber.store.writability import Writability

WRITING = "writing to the database"
LOOK = "Look at RENUMBER_DATABASE_URL."
UNSHARED = "It shares its sessions in transaction mode, and prepared_statements=yes asks for what is lost then"


async def check_way(settings: Settings) -> AsyncIterator[Check]:
    """Tell to which server the URL leads, and through which pooler."""
    if settings.database_url.startswith("sqlite:"):
        return
    try:
        way = await way_to(settings.database_url)
    except StoreFault as fault:
        yield Check("way to the database", f"{fault}. {LOOK}")
        return
    yield _way(way)
    if not way.takes_changes:
        yield Check("server", f"{way.server} is a standby, or read-only. {LOOK}")


async def check_writing(database: Database) -> Check:
    """Write as much as an act does, into a row that nobody reads."""
    try:
        await Writability(database).try_now()
    except StoreFault as fault:
        return Check(WRITING, f"{fault}. /readyz answers 503 until it can be written to: look at its disk and rights.")
    return Check(WRITING)


def _way(way: Way) -> Check:
    about = f"way to the database at {way.server}"
    if not way.pooler:
        return Check(about, note="straight")
    if way.is_forced:
        return Check(about, f"{UNSHARED}. {LOOK}")
    statements = "prepared statements are kept" if way.keeps_statements else "without prepared statements"
    return Check(about, note=f"through {way.pooler} in {way.mode}, {statements}")
