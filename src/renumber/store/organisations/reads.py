"""Reading organisations and their people, without locks."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from renumber.domain.account import Account
from renumber.domain.organisations.organisation import SLOT, Organisation
from renumber.store.database.open import Database, Row, Statement
from renumber.store.organisations import organisations, people
from renumber.store.records import accounts
from renumber.store.records.mapper import Sealer
from renumber.store.schema.tables import support

_organisation = support.organisation
_NAMED = Statement(select(_organisation).where(_organisation.c.name == bindparam("name")))
_PAGE = Statement(
    select(_organisation)
    .where(_organisation.c.account_id > bindparam("after"))
    .order_by(_organisation.c.account_id)
    .limit(bindparam("limit"))
)


class StoredOrganisations:
    """The OrganisationReads port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """Read an organisation by its id."""
        wanted = {"account_id": organisation_id, "slot": SLOT}
        return self._first(await self._database.fetch(organisations.mapper.load, wanted))

    async def named(self, name: str) -> Organisation | None:
        """Read an organisation by its name, letter by letter."""
        return self._first(await self._database.fetch(_NAMED, {"name": name}))

    async def organisations(self, after: str, limit: int) -> Sequence[Organisation]:
        """Read organisations, in the order of the ids that come after one."""
        return [self._of(row) for row in await self._database.fetch(_PAGE, {"after": after, "limit": limit})]

    async def administrators(self, organisation_id: str) -> Sequence[Account]:
        """Read the accounts of its administrators."""
        return await self._people(people.ADMINISTRATORS, organisation_id=organisation_id)

    async def people(self, organisation_id: str, after: str, limit: int) -> Sequence[Account]:
        """Read the accounts that belong to it, in the order of the ids that come after one."""
        return await self._people(people.PEOPLE, organisation_id=organisation_id, after=after, limit=limit)

    async def _people(self, statement: Statement, **values: object) -> Sequence[Account]:
        rows = await self._database.fetch(statement, values)
        return [accounts.mapper.read(row, self._sealer) for row in rows]

    def _first(self, rows: list[Row]) -> Organisation | None:
        return self._of(rows[0]) if rows else None

    def _of(self, row: Row) -> Organisation:
        return organisations.mapper.read(row, self._sealer)
