"""An account's counters and history as an operator looks at them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from renumber.domain.factor import FactorStatus
from renumber.flows.ports.store import AuditEntry
from renumber.store.audit import append
from renumber.store.database.open import Database, Statement
from renumber.store.records import factors
from renumber.store.records.mapper import Columns, Sealer
from renumber.store.schema import tables

_status, _audit = tables.factor_status, tables.audit

_FACTORS = Statement(select(_status).where(_status.c.account_id == bindparam("account_id")).order_by(_status.c.factor))
_NEWEST = Statement(
    select(_audit)
    .where(_audit.c.account_id == bindparam("account_id"))
    .order_by(_audit.c.seq.desc())
    .limit(bindparam("limit"))
)


class AccountHistory:
    """Reads an account's history and the status of its factors, without locks."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def factors(self, account_id: str) -> Sequence[FactorStatus]:
        """Read the status of every factor that was ever tried."""
        rows = await self._database.fetch(_FACTORS, {"account_id": account_id})
        return [factors.from_row(row, factors.mapper.columns(self._sealer, account_id)) for row in rows]

    async def newest(self, account_id: str, limit: int) -> Sequence[AuditEntry]:
        """Read the newest rows of the history."""
        rows = await self._database.fetch(_NEWEST, {"account_id": account_id, "limit": limit})
        columns = Columns(self._sealer, _audit.name, account_id)
        return [append.entry_of(row, columns) for row in rows]
