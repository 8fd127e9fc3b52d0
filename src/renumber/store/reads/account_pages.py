"""Accounts a page at a time, in the order of their ids, as an operator looks for them."""

from collections.abc import Sequence

from sqlalchemy import Select, bindparam, or_, select

from renumber.domain.account import Account
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.services import KeyedHash
from renumber.store.database.open import Database, Statement
from renumber.store.records import accounts
from renumber.store.records.mapper import Sealer
from renumber.store.schema.tables import account

_IS_SOMEBODY = account.c.email.is_not(None)  # neither erased nor nobody's


def _page(query: Select[tuple[object, ...]]) -> Statement:
    after = account.c.account_id > bindparam("after")
    return Statement(query.where(_IS_SOMEBODY, after).order_by(account.c.account_id).limit(bindparam("limit")))


_ALL = _page(select(account))
_OF_NUMBER = _page(
    select(account).where(
        or_(account.c.number_key == bindparam("key"), account.c.number_key == bindparam("previous_key"))
    )
)


class AccountPages:
    """Reads accounts in pages, without locks; what is erased is left out."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def all(self, after: str, limit: int) -> Sequence[Account]:
        """Read the accounts that come after an id."""
        return await self._read(_ALL, after=after, limit=limit)

    async def of_number(self, number: PhoneNumber, after: str, limit: int) -> Sequence[Account]:
        """Read the accounts of a number that come after an id; several may share one."""
        key, previous = self._sealer.fingerprints(KeyedHash.NUMBER, number.e164)
        return await self._read(_OF_NUMBER, after=after, limit=limit, key=key, previous_key=previous)

    async def _read(self, statement: Statement, **values: object) -> Sequence[Account]:
        rows = await self._database.fetch(statement, values)
        return [accounts.mapper.read(row, self._sealer) for row in rows]
