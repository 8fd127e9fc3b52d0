"""The upkeep of the history: counted refusals are written down when their hour is over, strangers' rows are purged."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from renumber.domain.account import NOBODIES
from renumber.flows.consequences import closing
from renumber.policies.tally import Tally
from renumber.store.audit import append
from renumber.store.audit.checkpoints import Notary
from renumber.store.audit.start import KEEP_START, Start
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import ms
from renumber.store.schema import tables
from renumber.store.unit_of_work import LOCK

AT_ONCE = 500  # accounts, or rows in one transaction

_account, _audit = tables.account, tables.audit
_COUNTED = Statement(select(_account.c.account_id).where(_account.c.refusals_until <= bindparam("now")).limit(AT_ONCE))
_CLOSED = Statement(
    update(_account)
    .where(_account.c.account_id == bindparam("same_account_id"))
    .values(
        {name: bindparam(name) for name in ("audit_seq", "audit_hash", "audit_mac", "refusals", "refusals_until")}
        | {"version": _account.c.version + 1}
    )
)
_OLDEST = Statement(
    select(_audit.c.seq, _audit.c.at, _audit.c.hash)
    .where(_audit.c.account_id == bindparam("account_id"))
    .order_by(_audit.c.seq)
    .limit(AT_ONCE)
)
_STALE = Statement(
    select(_audit.c.account_id)
    .where(_audit.c.account_id <= bindparam("last"), _audit.c.at < bindparam("before"))
    .distinct()
)
_PURGE = Statement(
    delete(_audit).where(_audit.c.account_id == bindparam("same_account_id"), _audit.c.seq <= bindparam("upto"))
)


class HistoryUpkeep:
    """Done by the process whose turn the housekeeping is."""

    def __init__(self, database: Database, notary: Notary, *, strangers_kept_for: timedelta) -> None:
        self._database = database
        self._notary = notary
        self._kept_for = strangers_kept_for

    async def keep(self, now: datetime) -> None:
        """Do all that is due."""
        await self.write_counts(now)
        await self.purge_strangers(now)

    async def write_counts(self, now: datetime) -> None:
        """Write a row for each account whose hour of counted refusals is over."""
        while rows := await self._database.fetch(_COUNTED, {"now": ms(now)}):
            for row in rows:
                await self._write_count(row["account_id"], now)

    async def _write_count(self, account_id: str, now: datetime) -> None:
        async with together(self._database) as tx:
            (account,) = await tx.fetch(LOCK, {"account_id": account_id})
            if account["refusals_until"] is None or account["refusals_until"] > ms(now):
                return  # somebody was refused meanwhile, and that has written it
            counted = closing(append.tally_of(account), now)
            head, history = append.append(append.head_of(account), counted, self._notary)
            for statement, values in history:
                await tx.execute(statement, values)
            columns = {**append.head_columns(head, self._notary), **append.tally_columns(Tally())}
            await tx.execute(_CLOSED, {**columns, "same_account_id": account_id})

    async def purge_strangers(self, now: datetime) -> None:
        """Delete the oldest rows of those who named no account; what is left begins where they end."""
        before = ms(now - self._kept_for)
        for row in await self._database.fetch(_STALE, {"last": NOBODIES[-1], "before": before}):
            while await self._purge(row["account_id"], before):
                pass

    async def _purge(self, account_id: str, before: int) -> bool:
        async with together(self._database) as tx:
            oldest = await tx.fetch(_OLDEST, {"account_id": account_id})
            last = _last_before(before, oldest)
            if last is None:
                return False
            start = Start(account_id, last["seq"], bytes(last["hash"]))
            await tx.execute(KEEP_START, start.signed(self._notary))
            await tx.execute(_PURGE, {"same_account_id": account_id, "upto": start.seq})
        return last is oldest[-1] and len(oldest) == AT_ONCE


def _last_before(before: int, oldest: list[Row]) -> Row | None:
    """Find the last of the rows that all lie before a time; a row that lies later keeps those behind it."""
    last = None
    for row in oldest:
        if row["at"] >= before:
            break
        last = row
    return last
