"""Bringing a database to the newest schema when it has an older one, as every start of the service does."""

from renumber.store.schema.migrate import upgrade
from renumber.store.schema.revision import newest_revision, present_revision


def upgrade_if_needed(url: str) -> None:
    """Run the migrations only where the database lacks one: looking takes the plain driver and no more."""
    if present_revision(url) != newest_revision():
        upgrade(url)
