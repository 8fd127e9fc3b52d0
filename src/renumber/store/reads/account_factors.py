"""The status of an account's factors as an operator looks at it."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from renumber.domain.factor import FactorStatus
from renumber.store.database.open import Database, Statement
from renumber.store.records import factors
from renumber.store.records.mapper import Sealer
from renumber.store.schema import tables

_status = tables.factor_status

_FACTORS = Statement(select(_status).where(_status.c.account_id == bindparam("account_id")).order_by(_status.c.factor))


class AccountFactors:
    """Reads the status of an account's factors, without locks."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def all(self, account_id: str) -> Sequence[FactorStatus]:
        """Read the status of every factor that was ever tried."""
        rows = await self._database.fetch(_FACTORS, {"account_id": account_id})
        return [factors.mapper.read(row, self._sealer) for row in rows]
