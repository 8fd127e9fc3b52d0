"""The one place that commits a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from renumber.store.database.open import Database, Transaction


@asynccontextmanager
async def together(database: Database) -> AsyncIterator[Transaction]:
    """Open a transaction that is committed when the block ends without an exception, and rolled back otherwise."""
    async with database.transaction() as tx:
        yield tx
        await tx.commit()
