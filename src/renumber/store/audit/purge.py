"""Purging the history by its retention: what goes is verified first, and a signed start stands in its place.

An altered row must not be laundered by its age: where the rows to purge don't follow from one another, none is purged,
and `renumber audit verify` goes on naming it.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, null, select, update

from renumber.domain.account import NOBODIES
from renumber.policies.audit.retention import HistoryRetention, due_before
from renumber.store.audit import append
from renumber.store.audit.carry import purge_carried
from renumber.store.audit.checkpoints import Notary
from renumber.store.audit.start import KEEP_START, Start, starts_of
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

AT_ONCE = 500  # accounts, or rows in one transaction
ROUNDS = 100  # in one turn of the housekeeping
AFTER_ALL = 1 << 62

_account, _audit = tables.account, tables.audit
_OLDEST_OF_ONE = Statement(
    select(_audit).where(_audit.c.account_id == bindparam("account_id")).order_by(_audit.c.seq).limit(AT_ONCE)
)
_OF_STRANGERS = Statement(
    select(_audit.c.account_id)
    .where(_audit.c.account_id <= bindparam("last"), _audit.c.at < bindparam("before"))
    .distinct()
)
_OLDEST = Statement(
    select(_audit.c.account_id, _audit.c.at)
    .where(_audit.c.at >= bindparam("since"), _audit.c.at < bindparam("before"))
    .order_by(_audit.c.at)
    .limit(AT_ONCE)
)
_OF_ERASED = Statement(
    select(_account.c.account_id)
    .where(
        _account.c.erased_at.is_not(None),
        _account.c.erased_at < bindparam("before"),
        exists().where(_audit.c.account_id == _account.c.account_id),
    )
    .limit(AT_ONCE)
)
_PURGE = Statement(
    delete(_audit).where(_audit.c.account_id == bindparam("same_account_id"), _audit.c.seq <= bindparam("upto"))
)
_WITH_ORIGIN = Statement(
    select(_audit.c.account_id, _audit.c.seq, _audit.c.at)
    .where(_audit.c.at >= bindparam("since"), _audit.c.at < bindparam("before"), _audit.c.origin.is_not(None))
    .order_by(_audit.c.at)
    .limit(AT_ONCE)
)
_FORGET_ORIGIN = Statement(
    update(_audit)
    .where(_audit.c.account_id == bindparam("same_account_id"), _audit.c.seq == bindparam("same_seq"))
    .values(origin=null())
)


class HistoryPurge:
    """Purges what is over, and remembers the accounts of which nothing was purged because something was altered."""

    def __init__(self, database: Database, notary: Notary, retention: HistoryRetention) -> None:
        self._database = database
        self._notary = notary
        self._retention = retention
        self._origins_since = 0  # what is older has none any more; a process that has just begun looks once more
        self.altered: set[str] = set()

    async def all(self, now: datetime) -> None:
        """Purge everything that is over by now."""
        self.altered.clear()
        await self.strangers(now)
        if before := due_before(now, self._retention.entries):
            await self._entries(ms(before))
        if before := due_before(now, self._retention.erased):
            await self._erased(ms(before))
        if before := due_before(now, self._retention.origins):
            await self._origins(ms(before))
        await purge_carried(self._database)

    async def strangers(self, now: datetime) -> None:
        """Delete the oldest rows of those who named no account; what is left begins where they end."""
        before = ms(now - self._retention.strangers)
        for row in await self._database.fetch(_OF_STRANGERS, {"last": NOBODIES[-1], "before": before}):
            await self._of_one(row["account_id"], before)

    async def _entries(self, before: int) -> None:
        async for rows in self._oldest(_OLDEST, before):
            for account_id in dict.fromkeys(row["account_id"] for row in rows):
                await self._of_one(account_id, before)

    async def _erased(self, before: int) -> None:
        for row in await self._database.fetch(_OF_ERASED, {"before": before}):
            await self._of_one(row["account_id"], AFTER_ALL)

    async def _origins(self, before: int) -> None:
        """Forget from where and why; the chain holds a digest of it, and stays whole."""
        async for rows in self._oldest(_WITH_ORIGIN, before, self._origins_since):
            places = [{"same_account_id": row["account_id"], "same_seq": row["seq"]} for row in rows]
            async with together(self._database) as tx:
                await tx.execute_many(_FORGET_ORIGIN, places)
            self._origins_since = rows[-1]["at"]

    async def _oldest(self, statement: Statement, before: int, since: int = 0) -> AsyncIterator[Sequence[Row]]:
        """Read the oldest rows in slices by their time; those of one moment that a slice cuts off come next time."""
        for _ in range(ROUNDS):
            rows = await self._database.fetch(statement, {"since": since, "before": before})
            if rows:
                yield rows
            if len(rows) < AT_ONCE:
                return
            since = max(rows[-1]["at"], since)

    async def _of_one(self, account_id: str, before: int) -> None:
        while account_id not in self.altered and await self._purge(account_id, before):
            pass

    async def _purge(self, account_id: str, before: int) -> bool:
        """Purge some of an account's oldest rows; False once there are no more."""
        [*starts] = await starts_of(self._database, self._notary, first=account_id, last=account_id)
        begun = starts[0] if starts else Start(account_id, 0, append.START)
        async with together(self._database) as tx:
            oldest = await tx.fetch(_OLDEST_OF_ONE, {"account_id": account_id})
            over = _those_before(before, oldest)
            if not over:
                return False
            if not _follow(begun, over):
                self.altered.add(account_id)
                return False
            start = Start(account_id, over[-1]["seq"], bytes(over[-1]["hash"]))
            await tx.execute(KEEP_START, start.signed(self._notary))
            await tx.execute(_PURGE, {"same_account_id": account_id, "upto": start.seq})
        return len(over) == AT_ONCE


def _those_before(before: int, oldest: Sequence[Row]) -> list[Row]:
    """The first rows that all lie before a time; a row that lies later keeps those behind it."""
    over: list[Row] = []
    for row in oldest:
        if row["at"] >= before:
            break
        over.append(row)
    return over


def _follow(start: Start, rows: Sequence[Row]) -> bool:
    """Say whether the rows follow from the start, and each from the one before."""
    seq, linked = start.seq, start.hash
    for row in rows:
        if row["seq"] != seq + 1 or append.link_hash(linked, row) != bytes(row["hash"]):
            return False
        seq, linked = row["seq"], bytes(row["hash"])
    return True
