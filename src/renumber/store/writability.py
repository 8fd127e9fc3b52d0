"""Finding out whether the database takes changes, by a small write now and then: asking costs nothing in between."""

import asyncio
import secrets
import time
from collections.abc import Callable

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from renumber.store.database.open import Database, Statement, StoreBusy, StoreUnavailable
from renumber.store.schema import tables

TRIED_EVERY = 5.0  # seconds
TRIED_AGAIN_AFTER = 1.0  # seconds, once nothing could be written
TRIED_FOR = 1.0  # seconds
BUSY_FOR = 30.0  # seconds in which others may keep every trial waiting
ROOM = 1 << 16  # bytes that have to fit where something didn't: a row can find room on a full disk where an act can't
# SQLite writes what changes into its log, so a trial of a few pages finds a full disk by itself. PostgreSQL would keep
# each of them until a vacuum; there an act that finds no room casts doubt.
USUAL_ROOM = {"sqlite": 1 << 14, "postgresql": 1 << 4}

_lease = tables.lease
_wish = insert(_lease).values(task="trial", holder=bindparam("holder"), until=0)
_TRY = Statement(_wish.on_conflict_do_update(index_elements=["task"], set_={"holder": _wish.excluded.holder}))


class Writability:
    """Remembers the outcome of the last trial, for one process."""

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._trying = asyncio.Lock()
        self._succeeded_at = self._tried_at = monotonic()
        self._fault: StoreUnavailable | None = None
        self._is_doubted = False
        self._due_at = 0.0

    def doubt(self) -> None:
        """Try with the next question, and for as much room as an act takes: one has just found none."""
        self._is_doubted, self._due_at = True, 0.0

    async def check(self) -> None:
        """Raise the StoreFault by which nothing can be written."""
        if self._monotonic() >= self._due_at and not self._trying.locked():
            async with self._trying:
                await self._try()
        if self._fault:
            raise self._fault
        if self._monotonic() > self._succeeded_at + BUSY_FOR:
            raise StoreBusy("nothing could be written for a while: others keep the database busy")

    async def try_now(self) -> None:
        """Write as much as an act does; raises a StoreFault."""
        await self._write(ROOM)
        await self._write(0)

    async def _write(self, size: int) -> None:
        await self._database.run(_TRY, {"holder": secrets.token_hex(size // 2)})  # what stays the same isn't written

    async def _try(self) -> None:
        try:
            async with asyncio.timeout(TRIED_FOR):
                if self._fault or self._is_doubted:
                    await self.try_now()
                else:
                    await self._write(USUAL_ROOM[self._database.dialect])
        except StoreUnavailable as fault:
            self._fault, self._due_at = fault, self._monotonic() + TRIED_AGAIN_AFTER
        except (StoreBusy, TimeoutError):  # a long import, for one: that says nothing of what can be written
            self._due_at = self._monotonic() + TRIED_AGAIN_AFTER
        else:
            self._fault, self._is_doubted, self._succeeded_at = None, False, self._monotonic()
            self._due_at = self._succeeded_at + TRIED_EVERY
