"""Where a chain begins whose oldest rows were purged: signed, so that nobody else can make a beginning."""

import json
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from renumber.store.audit.checkpoints import Notary
from renumber.store.database.open import Database, Row, Statement, Values
from renumber.store.schema import tables

_start = tables.audit_start
_wish = insert(_start).values({column.name: bindparam(column.name) for column in _start.c})
KEEP_START = Statement(
    _wish.on_conflict_do_update(
        index_elements=["account_id"],
        set_={name: _wish.excluded[name] for name in ("seq", "hash", "signature")},
        where=_start.c.seq < _wish.excluded.seq,
    )
)
_STARTS = Statement(
    select(_start).where(_start.c.account_id >= bindparam("first"), _start.c.account_id <= bindparam("last"))
)


@dataclass(frozen=True, slots=True)
class Start:
    """The last of the rows that were purged from a chain, which the first that is there was chained to."""

    account_id: str
    seq: int
    hash: bytes = field(repr=False)

    @property
    def payload(self) -> bytes:
        """Give the bytes to sign."""
        return f"renumber audit start {json.dumps([self.account_id, self.seq, self.hash.hex()])}".encode()

    def signed(self, notary: Notary) -> Values:
        """Give the row that keeps it."""
        columns = {"account_id": self.account_id, "seq": self.seq, "hash": self.hash}
        return {**columns, "signature": notary.sign(self.payload)}


async def starts_of(database: Database, notary: Notary, *, first: str, last: str) -> list[Start]:
    """Read the beginnings of these chains; one that was not signed with a key of the ring counts for nothing."""
    found = [(_read(row), row) for row in await database.fetch(_STARTS, {"first": first, "last": last})]
    return [start for start, row in found if notary.verify(start.payload, bytes(row["signature"]))]


def _read(row: Row) -> Start:
    return Start(row["account_id"], row["seq"], bytes(row["hash"]))
