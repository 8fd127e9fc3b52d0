"""Bringing a database to the newest schema when it has an older one, as every start of the service does."""

from renumber.store.database.open import sqlite_path
from renumber.store.database.sqlite_files import make_private
from renumber.store.schema.migrate import upgrade
from renumber.store.schema.revision import newest_revision, present_revision


def upgrade_if_needed(url: str) -> None:
    """Run the migrations only where the database lacks one: looking takes the plain driver and no more.

    Before anything is read, the files of a SQLite database are taken from all but their owner.
    """
    if url.startswith("sqlite:"):
        make_private(sqlite_path(url))
    if present_revision(url) != newest_revision():
        upgrade(url)
