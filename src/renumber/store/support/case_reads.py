"""Reading single cases, without locks."""

from sqlalchemy import bindparam, or_, select

from renumber.domain.support.recovery_case import RecoveryCase
from renumber.flows.support.ports import NamedCase
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import Joined, Sealer, labelled
from renumber.store.schema import tables
from renumber.store.support import recovery_cases
from renumber.store.support.colleagues import colleague_in

_case, _member, _account = tables.support.recovery_case, tables.support.staff_member, tables.account
_names = or_(
    _member.c.account_id.in_((_case.c.opened_by, _case.c.handled_by, _case.c.submitted_by, _case.c.decided_by)),
    _case.c.seen_by.contains(_member.c.account_id),
)
_NAMED = Statement(
    select(*(column for table in (_case, _member, _account) for column in labelled(table)))
    .select_from(_case.outerjoin(_member, _names).outerjoin(_account, _account.c.account_id == _member.c.account_id))
    .where(_case.c.account_id == bindparam("account_id"), _case.c.case_id == bindparam("case_id"))
)
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

    async def case(self, account_id: str, case_id: str) -> NamedCase | None:
        """Read a case by its id, in one query with whoever of staff it names."""
        rows = await self._database.fetch(_NAMED, {"account_id": account_id, "case_id": case_id})
        if not rows:
            return None
        case = Joined(rows[0], self._sealer).of(recovery_cases.mapper)
        found = (colleague_in(row, self._sealer) for row in rows if row["staff_member_account_id"])
        return NamedCase(case, {each.member.account_id: each for each in found})

    async def newest_case(self, account_id: str) -> RecoveryCase | None:
        """Read the case that was opened last for an account."""
        return self._first(await self._database.fetch(_NEWEST, {"account_id": account_id}))

    def _first(self, rows: list[Row]) -> RecoveryCase | None:
        return recovery_cases.mapper.read(rows[0], self._sealer) if rows else None
