"""Reading checks of callers, without locks."""

from sqlalchemy import select

from renumber.domain.support.caller_check import SLOT, CallerCheck
from renumber.flows.ports.services import KeyedHash
from renumber.store.database.keyed import KeyedStatement
from renumber.store.database.open import Database, Row
from renumber.store.records.mapper import Sealer
from renumber.store.schema.tables import support
from renumber.store.support import caller_checks

_check = support.caller_check
_NUMBERED = KeyedStatement(lambda match: select(_check).where(match(_check.c.number_key, "number_key")).limit(2))


class StoredCallerReads:
    """The CallerReads port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def check_numbered(self, number: str) -> CallerCheck | None:
        """Read the check of a number; where two should ever have the same, neither is opened by it."""
        keys = self._sealer.fingerprints(KeyedHash.NUMBER_OF_CHECK, number)
        rows = await self._database.fetch(*_NUMBERED.under(number_key=keys))
        return self._read(rows[0]) if len(rows) == 1 else None

    async def check(self, account_id: str) -> CallerCheck | None:
        """Read the newest check of an account."""
        rows = await self._database.fetch(caller_checks.mapper.load, {"account_id": account_id, "slot": SLOT})
        return self._read(rows[0]) if rows else None

    def _read(self, row: Row) -> CallerCheck:
        return caller_checks.mapper.read(row, self._sealer)
