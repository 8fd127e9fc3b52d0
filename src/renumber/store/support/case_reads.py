"""Reading single cases, without locks."""

from sqlalchemy import bindparam, select

from renumber.domain.support.recovery_case import RecoveryCase
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import Sealer
from renumber.store.schema.tables import support
from renumber.store.support import recovery_cases

_case = support.recovery_case
_NEWEST = Statement(
    select(_case)
    .where(_case.c.account_id == bindparam("account_id"))
    .order_by(_case.c.opened_at.desc(), _case.c.case_id)
    .limit(1)
)


class StoredCaseReads:
    """The CaseReads port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def case(self, account_id: str, case_id: str) -> RecoveryCase | None:
        """Read a case by its id."""
        wanted = {"account_id": account_id, "case_id": case_id}
        return self._first(await self._database.fetch(recovery_cases.mapper.load, wanted))

    async def newest_case(self, account_id: str) -> RecoveryCase | None:
        """Read the case that was opened last for an account."""
        return self._first(await self._database.fetch(_NEWEST, {"account_id": account_id}))

    def _first(self, rows: list[Row]) -> RecoveryCase | None:
        columns = recovery_cases.mapper.columns
        return recovery_cases.from_row(rows[0], columns(self._sealer, rows[0]["account_id"])) if rows else None
