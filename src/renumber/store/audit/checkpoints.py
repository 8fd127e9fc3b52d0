"""Signed checkpoints over all chains of the history: what they held at a moment can't be cut off later.

Whoever can write to the database can delete the newest checkpoints together with what they cover, as if it had never
been; a line of the log, `anchors.py`, says from outside that they were there.
"""

import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import bindparam, func, insert, select

from renumber.flows.ports.services import Clock
from renumber.store.audit.carry import carry, older_than_all_rows
from renumber.store.audit.marks import clear_marks, digest_of_marks, gained, mark_all, mark_moved
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.leases import Lease
from renumber.store.records.mapper import Sealer, moment, ms
from renumber.store.schema import tables

HELD_FOR = timedelta(minutes=10)
OVERLAP = timedelta(minutes=10)  # far longer than a transaction lasts: its rows carry the time at which it began
LATEST = ms(datetime.max.replace(tzinfo=UTC))

_account, _checkpoint = tables.account, tables.audit_checkpoint

_NEWEST = Statement(select(_checkpoint).order_by(_checkpoint.c.number.desc()).limit(bindparam("limit")))
_SIGN = Statement(insert(_checkpoint))
# Counted by the ends of the chains: the number of rows that were ever written, also where some were purged since.
_COUNTS = Statement(
    select(
        func.count().label("accounts"), func.coalesce(func.sum(_account.c.audit_seq), 0).label("rows_written")
    ).select_from(_account)
)


class Notary(Sealer, Protocol):
    """Signs checkpoints so that they verify even after their key was retired."""

    def sign(self, payload: bytes) -> bytes: ...
    def verify(self, payload: bytes, signature: bytes) -> bool: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of accounts, erased ones included, and of the rows that were ever written: neither ever shrinks.

    A checkpoint counts what it and those before it have marked, which is never more than there is.
    """

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
    carried: int = 0  # the last checkpoint of which every chain has a newer mark
    signature: bytes = field(default=b"", repr=False)

    def payload(self, previous: bytes) -> bytes:
        """Give the bytes to sign: the signature before is part of them, so that checkpoints form a chain themselves."""
        parts = [self.number, ms(self.at), self.chains, self.digest.hex(), previous.hex()]
        if self.counts is None:
            return f"renumber audit checkpoint {json.dumps(parts)}".encode()
        parts += [self.counts.accounts, self.counts.rows]
        if not self.carried:
            return f"renumber audit checkpoint with counts {json.dumps(parts)}".encode()
        return f"renumber audit checkpoint with counts that carries {json.dumps([*parts, self.carried])}".encode()


def read_checkpoint(row: Row) -> Checkpoint:
    """Read a checkpoint."""
    return Checkpoint(
        number=row["number"],
        at=moment(min(max(row["at"], 0), LATEST)),  # what was altered to no time at all is no reason to break off
        chains=row["chains"],
        counts=None if row["accounts"] is None else Counts(row["accounts"], row["rows_written"]),
        digest=bytes(row["digest"]),
        carried=row["carried"] or 0,
        signature=bytes(row["signature"]),
    )


async def present_counts(database: Database) -> Counts:
    """Count what there is now."""
    row = (await database.fetch(_COUNTS))[0]
    return Counts(int(row["accounts"]), int(row["rows_written"]))


async def newest_checkpoint(database: Database) -> Checkpoint | None:
    """Read the checkpoint that was written last."""
    rows = await database.fetch(_NEWEST, {"limit": 1})
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
        if not await self._mark(number, last):
            return None
        carried = await self._carry(number)
        chains, digest = await digest_of_marks(self._database, number)
        if not chains:
            return None
        counts = await self._counts(number, last)
        unsigned = Checkpoint(
            number=number, at=self._clock.now(), chains=chains, counts=counts, digest=digest, carried=carried
        )
        signature = self._notary.sign(unsigned.payload(last.signature if last else b""))
        await self._keep(signed := replace(unsigned, signature=signature), counts)
        return signed

    async def _mark(self, number: int, last: Checkpoint | None) -> bool:
        """Mark what has moved since the last checkpoint; before the first, all there is, then what moved meanwhile."""
        since = last.at if last else self._clock.now()
        if not await self._is_mine():
            return False
        await clear_marks(self._database, number)
        if last is None and not await mark_all(self._database, number, is_mine=self._is_mine):
            return False
        return await mark_moved(self._database, number, since=ms(since - OVERLAP), is_mine=self._is_mine)

    async def _carry(self, number: int) -> int:
        """Carry on, one after another, what only checkpoints from before all rows have seen, as far as it is whole."""
        done = await self._carried_before()
        for older in await older_than_all_rows(self._database, done):
            if not await carry(self._database, older, number, is_mine=self._is_mine):
                break
            done = int(older["number"])
        return done

    async def _carried_before(self) -> int:
        """Read what was carried by now; a checkpoint that isn't signed by a key of the ring says nothing of it."""
        rows = await self._database.fetch(_NEWEST, {"limit": 2})
        last, before = (read_checkpoint(row) for row in rows) if len(rows) > 1 else (None, None)
        is_signed = last and before and self._notary.verify(last.payload(before.signature), last.signature)
        return last.carried if last and is_signed else 0

    async def _counts(self, number: int, last: Checkpoint | None) -> Counts:
        """Add what has come since to what the checkpoint before counts: the accounts themselves are not counted."""
        if last and last.counts is None:
            return await present_counts(self._database)
        before = last.counts if last and last.counts else Counts(0, 0)
        accounts, rows = await gained(self._database, number)
        return Counts(before.accounts + accounts, before.rows + rows)

    async def _is_mine(self) -> bool:
        now = self._clock.now()
        return await self._lease.take(now, now + HELD_FOR)

    async def _keep(self, signed: Checkpoint, counts: Counts) -> None:
        row = {
            "number": signed.number,
            "at": ms(signed.at),
            "chains": signed.chains,
            "accounts": counts.accounts,
            "rows_written": counts.rows,
            "carried": signed.carried or None,
            "digest": signed.digest,
            "signature": signed.signature,
        }
        async with together(self._database) as tx:
            await tx.execute(_SIGN, row)
