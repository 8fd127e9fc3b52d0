"""The upkeep of the history: counted refusals are written down when their hour is over, what is over is purged."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from renumber.flows.consequences import closing
from renumber.policies.audit.retention import HistoryRetention
from renumber.policies.tally import Tally
from renumber.store.audit import append
from renumber.store.audit.checkpoints import Notary
from renumber.store.audit.purge import HistoryPurge
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement
from renumber.store.opening import LOCK
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

AT_ONCE = 500  # accounts

_account = tables.account
_COUNTED = Statement(select(_account.c.account_id).where(_account.c.refusals_until <= bindparam("now")).limit(AT_ONCE))
_CLOSED = Statement(
    update(_account)
    .where(_account.c.account_id == bindparam("same_account_id"))
    .values(
        {name: bindparam(name) for name in ("audit_seq", "audit_hash", "audit_mac", "refusals", "refusals_until")}
        | {"version": _account.c.version + 1}
    )
)


class HistoryUpkeep:
    """Done by the process whose turn the housekeeping is."""

    def __init__(self, database: Database, notary: Notary, retention: HistoryRetention) -> None:
        self._database = database
        self._notary = notary
        self._purge = HistoryPurge(database, notary, retention)

    async def keep(self, now: datetime) -> frozenset[str]:
        """Do all that is due, and name the accounts whose history was left as it is since it was altered."""
        await self.write_counts(now)
        await self._purge.all(now)
        return frozenset(self._purge.altered)

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
