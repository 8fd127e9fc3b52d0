"""Statements that become durable together: the one commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from renumber.store.database.open import Database, Transaction


@asynccontextmanager
async def together(database: Database) -> AsyncIterator[Transaction]:
    """Statements that become durable together when the block ends without an exception: the one commit."""
    async with database.transaction() as tx:
        yield tx
        await tx.commit()
