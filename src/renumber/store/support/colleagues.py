"""Reading who works at customer relations, each with their account, in one query."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select

from renumber.flows.support.ports import Colleague
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records import accounts
from renumber.store.records.mapper import Joined, Sealer, labelled
from renumber.store.schema import tables
from renumber.store.support import staff_members

_member, _account = tables.support.staff_member, tables.account
_COLLEAGUES = Statement(
    select(*labelled(_member), *labelled(_account))
    .select_from(_member.join(_account, _account.c.account_id == _member.c.account_id))
    .where(or_(_member.c.role.is_not(None), _member.c.proposed.is_not(None)))
    .order_by(_member.c.account_id)
    .limit(bindparam("limit"))
)


class StoredColleagues:
    """The Colleagues port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def colleagues(self, limit: int) -> Sequence[Colleague]:
        """Read those who have or are proposed for a role, with their accounts, in the order of their ids."""
        rows = await self._database.fetch(_COLLEAGUES, {"limit": limit})
        return [colleague_in(row, self._sealer) for row in rows]


def colleague_in(row: Row, sealer: Sealer) -> Colleague:
    """Read whom a row of a join names."""
    joined = Joined(row, sealer)
    return Colleague(joined.of(staff_members.mapper), joined.of(accounts.mapper))
