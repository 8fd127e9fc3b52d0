"""The entries of the history as they are read: the newest first, or in the order in which they are chained."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, tuple_

from renumber.flows.ports.store import AuditEntry
from renumber.store.audit.append import entry_of
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import Columns, Sealer
from renumber.store.schema.tables import audit

ROWS_AT_ONCE = 1000
BEFORE_ALL, AFTER_ALL = -1, 1 << 62

_READ = select(
    audit.c.at,
    audit.c.account_id,
    audit.c.seq,
    audit.c.actor,
    audit.c.act,
    audit.c.subject,
    audit.c.evidence,
    audit.c.origin,
)
_PLACE = tuple_(audit.c.at, audit.c.account_id, audit.c.seq)
_AT = Statement(
    select(audit.c.at).where(audit.c.account_id == bindparam("account_id"), audit.c.seq == bindparam("seq"))
)
_NEWEST = Statement(
    _READ.where(tuple_(bindparam("at"), bindparam("account_id"), bindparam("seq")) > _PLACE)
    .order_by(audit.c.at.desc(), audit.c.account_id.desc(), audit.c.seq.desc())
    .limit(bindparam("limit"))
)
_NEWEST_OF_ONE = Statement(
    _READ.where(audit.c.account_id == bindparam("account_id"), audit.c.seq < bindparam("seq"))
    .order_by(audit.c.seq.desc())
    .limit(bindparam("limit"))
)
_CHAINED = select(audit).order_by(audit.c.account_id, audit.c.seq).limit(ROWS_AT_ONCE)
_IN_ORDER = Statement(
    _CHAINED.where(tuple_(audit.c.account_id, audit.c.seq) > tuple_(bindparam("account_id"), bindparam("seq")))
)
_IN_ORDER_OF_ONE = Statement(
    _CHAINED.where(audit.c.account_id == bindparam("account_id"), audit.c.seq > bindparam("seq"))
)


@dataclass(frozen=True, slots=True)
class EntryKey:
    """The place of an entry: its account, and its number in that account's chain."""

    account_id: str
    seq: int

    def __str__(self) -> str:
        return f"{self.account_id}:{self.seq}"


def key_of(row: Row) -> EntryKey:
    """Give the place of an entry that was read."""
    return EntryKey(row["account_id"], row["seq"])


def unsealed(row: Row, sealer: Sealer) -> AuditEntry:
    """Open an entry, with the reason that an operator gave; of an erased account it says neither from where nor why."""
    return entry_of(row, Columns(sealer, audit.name, row["account_id"]))


class AuditEntries:
    """Reads the history beside a running service, a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, limit: int, after: EntryKey | None = None) -> Sequence[Row] | None:
        """Read the newest entries of all accounts, or those that come after one; None if that isn't there."""
        if after is None:
            return await self._database.fetch(
                _NEWEST, {"at": AFTER_ALL, "account_id": "", "seq": AFTER_ALL, "limit": limit}
            )
        found = await self._database.fetch(_AT, {"account_id": after.account_id, "seq": after.seq})
        if not found:
            return None
        values = {"at": found[0]["at"], "account_id": after.account_id, "seq": after.seq, "limit": limit}
        return await self._database.fetch(_NEWEST, values)

    async def newest_of(self, account_id: str, limit: int, seq: int = AFTER_ALL) -> Sequence[Row]:
        """Read an account's newest entries, or those that come before one in its chain."""
        return await self._database.fetch(_NEWEST_OF_ONE, {"account_id": account_id, "seq": seq, "limit": limit})

    async def in_order(self, account_id: str | None, after: EntryKey | None) -> AsyncIterator[Sequence[Row]]:
        """Read every entry as it is chained, of one account or of all, in pages."""
        statement = _IN_ORDER_OF_ONE if account_id else _IN_ORDER
        key = after or EntryKey(account_id or "", BEFORE_ALL)
        while rows := await self._database.fetch(statement, {"account_id": key.account_id, "seq": key.seq}):
            yield rows
            key = key_of(rows[-1])
