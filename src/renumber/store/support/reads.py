"""Reading for the console, without locks: who may enter, and the cases that wait."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import SLOT, StaffMember
from renumber.store.database.open import Database, Statement
from renumber.store.records.mapper import Sealer
from renumber.store.schema.tables import support
from renumber.store.support import recovery_cases, staff_members

_case, _member = support.recovery_case, support.staff_member
_MEMBERS = Statement(
    select(_member)
    .where(_member.c.account_id > bindparam("after"))
    .order_by(_member.c.account_id)
    .limit(bindparam("limit"))
)
_OPEN = Statement(
    select(_case).where(_case.c.is_open).order_by(_case.c.opened_at, _case.c.case_id).limit(bindparam("limit"))
)
_NUMBERED = Statement(select(_case).where(_case.c.number == bindparam("number")))


class StoredSupportReads:
    """The SupportReads port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def staff_member(self, account_id: str) -> StaffMember | None:
        """Read the role of an account, if it ever had one."""
        rows = await self._database.fetch(staff_members.mapper.load, {"account_id": account_id, "slot": SLOT})
        return staff_members.mapper.read(rows[0], self._sealer) if rows else None

    async def staff(self, after: str, limit: int) -> Sequence[StaffMember]:
        """Read everybody who has, had or is proposed for a role, in the order of the ids that come after one."""
        rows = await self._database.fetch(_MEMBERS, {"after": after, "limit": limit})
        return [staff_members.mapper.read(row, self._sealer) for row in rows]

    async def open_cases(self, limit: int) -> Sequence[RecoveryCase]:
        """Read the open cases, the oldest first."""
        rows = await self._database.fetch(_OPEN, {"limit": limit})
        return [recovery_cases.mapper.read(row, self._sealer) for row in rows]

    async def case_numbered(self, number: str) -> RecoveryCase | None:
        """Read a case by the number that people say."""
        rows = await self._database.fetch(_NUMBERED, {"number": number})
        return recovery_cases.mapper.read(rows[0], self._sealer) if rows else None
