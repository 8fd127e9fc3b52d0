"""Signed checkpoints over all chains of the history: what they held at a moment can't be cut off later.

Whoever can write to the database can delete the newest checkpoints together with what they cover, as if it had never
been; a line of the log, `anchors.py`, says from outside that they were there.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, delete, exists, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from renumber.flows.ports.services import Clock
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.leases import Lease
from renumber.store.records.mapper import Sealer, moment, ms
from renumber.store.schema import tables

AT_ONCE = 1000
HELD_FOR = timedelta(minutes=10)
OVERLAP = timedelta(minutes=10)  # far longer than a transaction lasts: its rows carry the time at which it began
EVER = 1 << 62
LATEST = ms(datetime.max.replace(tzinfo=UTC))

_account, _audit, _mark, _checkpoint = tables.account, tables.audit, tables.audit_mark, tables.audit_checkpoint

_NEWEST = Statement(select(_checkpoint).order_by(_checkpoint.c.number.desc()).limit(1))
_CLEAR = Statement(delete(_mark).where(_mark.c.number == bindparam("number")))
_SIGN = Statement(insert(_checkpoint))
# Counted by the ends of the chains: the number of rows that were ever written, also where some were purged since.
_COUNTS = Statement(
    select(
        func.count().label("accounts"), func.coalesce(func.sum(_account.c.audit_seq), 0).label("rows_written")
    ).select_from(_account)
)
_END_OF_SLICE = Statement(
    select(_audit.c.at)
    .where(_audit.c.at >= bindparam("since"))
    .order_by(_audit.c.at)
    .offset(bindparam("offset"))
    .limit(1)
)
_IS_MARKED = exists().where(
    _mark.c.account_id == _account.c.account_id,
    _mark.c.seq == _account.c.audit_seq,
    _mark.c.hash == _account.c.audit_hash,
)
_MOVED = Statement(
    select(_account.c.account_id, _account.c.audit_seq, _account.c.audit_hash).where(
        _account.c.account_id.in_(
            select(_audit.c.account_id).where(_audit.c.at >= bindparam("since"), _audit.c.at < bindparam("until"))
        ),
        ~_IS_MARKED,
    )
)
_wish = upsert(_mark).values({column.name: bindparam(column.name) for column in _mark.c})
_MARK = Statement(
    _wish.on_conflict_do_update(
        index_elements=["account_id", "number"], set_={"seq": _wish.excluded.seq, "hash": _wish.excluded.hash}
    )
)
_MARKS = Statement(
    select(_mark)
    .where(_mark.c.number == bindparam("number"), _mark.c.account_id > bindparam("after"))
    .order_by(_mark.c.account_id)
    .limit(bindparam("limit"))
)


class Notary(Sealer, Protocol):
    """Signs checkpoints so that they verify even after their key was retired."""

    def sign(self, payload: bytes) -> bytes: ...
    def verify(self, payload: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of accounts, erased ones included, and of the rows that were ever written: neither ever shrinks."""

    accounts: int
    rows: int

    def lacks_any_of(self, before: "Counts") -> bool:
        """Say whether something is gone that was there before."""
        return self.accounts < before.accounts or self.rows < before.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The heads of all chains that had moved since the checkpoint before, as one digest, and what there was in all.

    Checkpoints of before version 0007 of the schema have no counts.
    """

    number: int
    at: datetime
    chains: int
    counts: Counts | None
    digest: bytes
    signature: bytes = field(default=b"", repr=False)

    def payload(self, previous: bytes) -> bytes:
        """Give the bytes to sign: the signature before is part of them, so that checkpoints form a chain themselves."""
        parts = [self.number, ms(self.at), self.chains, self.digest.hex(), previous.hex()]
        if self.counts is None:
            return f"renumber audit checkpoint {json.dumps(parts)}".encode()
        parts += [self.counts.accounts, self.counts.rows]
        return f"renumber audit checkpoint with counts {json.dumps(parts)}".encode()


def read_checkpoint(row: Row) -> Checkpoint:
    """Read a checkpoint."""
    return Checkpoint(
        number=row["number"],
        at=moment(min(max(row["at"], 0), LATEST)),  # what was altered to no time at all is no reason to break off
        chains=row["chains"],
        counts=None if row["accounts"] is None else Counts(row["accounts"], row["rows_written"]),
        digest=bytes(row["digest"]),
        signature=bytes(row["signature"]),
    )


async def present_counts(database: Database) -> Counts:
    """Count what there is now."""
    row = (await database.fetch(_COUNTS))[0]
    return Counts(int(row["accounts"]), int(row["rows_written"]))


async def digest_of_marks(database: Database, number: int) -> tuple[int, bytes]:
    """Count the marks of a checkpoint, and digest them in the order of their accounts."""
    digest, chains, after = hashlib.sha256(), 0, ""
    while rows := await database.fetch(_MARKS, {"number": number, "after": after, "limit": AT_ONCE}):
        for row in rows:
            digest.update(f"{row['account_id']}:{row['seq']}:{bytes(row['hash']).hex()}\n".encode())
        chains, after = chains + len(rows), rows[-1]["account_id"]
    return chains, digest.digest()


async def newest_checkpoint(database: Database) -> Checkpoint | None:
    """Read the checkpoint that was written last."""
    rows = await database.fetch(_NEWEST)
    return read_checkpoint(rows[0]) if rows else None


class Checkpoints:
    """Writes checkpoints, one process at a time."""

    def __init__(self, database: Database, notary: Notary, clock: Clock) -> None:
        self._database = database
        self._notary = notary
        self._clock = clock
        self._lease = Lease(database, "checkpoint", secrets.token_hex(8))

    async def write(self) -> Checkpoint | None:
        """Mark every chain that has moved, then sign; marks without a signature count for nothing."""
        last = await newest_checkpoint(self._database)
        number = last.number + 1 if last else 1
        counts = await present_counts(self._database)  # before anything is marked: what is counted is marked as well
        if not await self._mark_moved(number, since=ms(last.at - OVERLAP) if last else 0):
            return None
        chains, digest = await digest_of_marks(self._database, number)
        if not chains:
            return None
        unsigned = Checkpoint(number=number, at=self._clock.now(), chains=chains, counts=counts, digest=digest)
        signature = self._notary.sign(unsigned.payload(last.signature if last else b""))
        await self._keep(signed := replace(unsigned, signature=signature), counts)
        return signed

    async def _mark_moved(self, number: int, *, since: int) -> bool:
        """Go through the history in slices, so that no transaction is long; False if another process is doing so."""
        if not await self._is_mine():
            return False
        async with together(self._database) as tx:
            await tx.execute(_CLEAR, {"number": number})
        while since < EVER and await self._is_mine():
            ends = await self._database.fetch(_END_OF_SLICE, {"since": since, "offset": AT_ONCE})
            until = max(ends[0]["at"], since + 1) if ends else EVER
            await self._mark(number, await self._database.fetch(_MOVED, {"since": since, "until": until}))
            since = until
        return since == EVER

    async def _is_mine(self) -> bool:
        now = self._clock.now()
        return await self._lease.take(now, now + HELD_FOR)

    async def _mark(self, number: int, heads: list[Row]) -> None:
        marks = [
            {"account_id": row["account_id"], "number": number, "seq": row["audit_seq"], "hash": row["audit_hash"]}
            for row in heads
        ]
        if marks:
            async with together(self._database) as tx:
                await tx.execute_many(_MARK, marks)

    async def _keep(self, signed: Checkpoint, counts: Counts) -> None:
        row = {
            "number": signed.number,
            "at": ms(signed.at),
            "chains": signed.chains,
            "accounts": counts.accounts,
            "rows_written": counts.rows,
            "digest": signed.digest,
            "signature": signed.signature,
        }
        async with together(self._database) as tx:
            await tx.execute(_SIGN, row)
