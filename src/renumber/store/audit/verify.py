"""Proving the history: every chain against its rows, its head and the signed checkpoints."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, tuple_

from renumber.flows.ports.services import Clock
from renumber.policies.retention import CHECKPOINT_WITHIN
from renumber.store.audit import append
from renumber.store.audit.anchors import Anchor
from renumber.store.audit.checkpoints import (
    Checkpoint,
    Counts,
    Notary,
    newest_checkpoint,
    present_counts,
    read_checkpoint,
)
from renumber.store.audit.marks import digest_of_marks
from renumber.store.audit.run import Run
from renumber.store.audit.start import Start, starts_of
from renumber.store.audit.walk import ChainWalk, Finding, Unsigned, Walks
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

ACCOUNTS_AT_ONCE, ROWS_AT_ONCE = 500, 2000
ROWS_IN_A_ROW = 200  # a few milliseconds of hashing
FIRST, LAST = -(1 << 63), (1 << 63) - 1  # the least and the greatest number of a row that a database can hold

_account, _audit, _mark, _checkpoint = tables.account, tables.audit, tables.audit_mark, tables.audit_checkpoint

_ROWS = Statement(select(func.count().label("rows")).select_from(_audit))
_ROWS_OF_ONE = Statement(select(_account.c.audit_seq.label("rows")).where(_account.c.account_id == bindparam("id")))
_CHECKPOINTS = Statement(
    select(_checkpoint)
    .where(_checkpoint.c.number > bindparam("after"))
    .order_by(_checkpoint.c.number)
    .limit(ACCOUNTS_AT_ONCE)
)
_ENDS = [Statement(select(func.max(table.c.account_id).label("last"))) for table in (_account, _audit, _mark)]
_HEAD_COLUMNS = (_account.c.account_id, _account.c.audit_seq, _account.c.audit_hash, _account.c.audit_mac)
_HEAD = Statement(select(*_HEAD_COLUMNS).where(_account.c.account_id == bindparam("id")))
_HEADS = Statement(
    select(*_HEAD_COLUMNS)
    .where(_account.c.account_id > bindparam("after"), _account.c.account_id <= bindparam("last"))
    .order_by(_account.c.account_id)
    .limit(ACCOUNTS_AT_ONCE)
)
_CHAINS = Statement(
    select(_audit)
    .where(
        tuple_(_audit.c.account_id, _audit.c.seq) > tuple_(bindparam("after_id"), bindparam("after_seq")),
        _audit.c.account_id <= bindparam("last"),
    )
    .order_by(_audit.c.account_id, _audit.c.seq)
    .limit(ROWS_AT_ONCE)
)
_MARK_COLUMNS = (_mark.c.account_id, _mark.c.seq, _mark.c.hash)
_IS_SIGNED = _mark.c.number <= bindparam("signed")
_MARKS_OF_ONE = Statement(select(*_MARK_COLUMNS).where(_mark.c.account_id == bindparam("last"), _IS_SIGNED))
_MARKS = Statement(
    select(*_MARK_COLUMNS).where(
        _mark.c.account_id > bindparam("after"), _mark.c.account_id <= bindparam("last"), _IS_SIGNED
    )
)
_NEWEST = Statement(select(func.max(_checkpoint.c.number).label("signed")))

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Accounts that are walked together: those that come after one id, up to another; or the last alone."""

    after: str
    last: str
    is_one: bool = False

    @property
    def start(self) -> tuple[str, int]:
        """The place in the table of rows that comes before all of theirs."""
        return (self.last, FIRST) if self.is_one else (self.after, LAST if self.after else FIRST)


class AuditVerifier:
    """Reads everything once, in pages, beside a running service; `corrupt` is what unsealing raises."""

    def __init__(self, database: Database, notary: Notary, corrupt: type[Exception], *, clock: Clock) -> None:
        self._database = database
        self._notary = notary
        self._corrupt = corrupt
        self._clock = clock

    async def size(self, account_id: str | None = None) -> int:
        """Count the rows to verify."""
        statement, values = (_ROWS_OF_ONE, {"id": account_id}) if account_id else (_ROWS, {})
        rows = await self._database.fetch(statement, values)
        return int(rows[0]["rows"]) if rows else 0

    async def checkpoints(self, anchors: Sequence[Anchor] = ()) -> AsyncIterator[str]:
        """Name each fault of the checkpoints themselves in a sentence, and each anchor whose checkpoint is gone."""
        previous: Checkpoint | None = None
        anchored: dict[int, Checkpoint] = {}
        wanted = {anchor.number for anchor in anchors}
        async for checkpoint in self._signed():
            async for sentence in self._checkpoint(checkpoint, previous):
                yield sentence
            previous = checkpoint
            if checkpoint.number in wanted:
                anchored[checkpoint.number] = checkpoint
        if previous and _shrank(previous.counts, await present_counts(self._database)):
            yield f"Checkpoint {previous.number} had counted more accounts or rows than there are."
        for anchor in anchors:
            if fault := anchor.fault(anchored.get(anchor.number)):
                yield fault

    async def _signed(self) -> AsyncIterator[Checkpoint]:
        number = 0
        while rows := await self._database.fetch(_CHECKPOINTS, {"after": number}):
            for row in rows:
                yield read_checkpoint(row)
            number = rows[-1]["number"]

    async def _checkpoint(self, checkpoint: Checkpoint, previous: Checkpoint | None) -> AsyncIterator[str]:
        number, expected = checkpoint.number, previous.number + 1 if previous else 1
        if number != expected:
            yield f"Checkpoint {expected} is missing."
        if not self._notary.verify(checkpoint.payload(previous.signature if previous else b""), checkpoint.signature):
            yield f"Checkpoint {number}: it was changed, or signed with a key that is not in the ring."
        if not await self._has_its_marks(checkpoint):
            yield f"Checkpoint {number}: its marks were changed."
        if previous and _shrank(previous.counts, checkpoint.counts):
            yield f"Checkpoint {number} counts fewer accounts or rows than the one before."

    async def _has_its_marks(self, checkpoint: Checkpoint) -> bool:
        """Prove the marks, unless a later checkpoint carries them on: then they may have been purged, also just now."""
        if await digest_of_marks(self._database, checkpoint.number) == (checkpoint.chains, checkpoint.digest):
            return True
        newest = await newest_checkpoint(self._database)
        return newest is not None and checkpoint.number <= newest.carried

    async def chains(
        self, advance: Advance, account_id: str | None = None, run: Run | None = None
    ) -> AsyncIterator[Finding | Unsigned]:
        """Give a finding for each fault of the chains of all accounts, or of one; a run goes on where it stands."""
        run = run or Run()
        signed = (await self._database.fetch(_NEWEST))[0]["signed"] or 0
        due_at = ms(self._clock.now() - CHECKPOINT_WITHIN)
        unsigned = Unsigned(due_at=due_at, rows=run.unsigned_rows, oldest_at=run.oldest_unsigned_at)
        async for stretch in self._stretches(account_id, run.after):
            walks = await self._walks(stretch, signed, unsigned)
            async for finding in self._walked(walks, stretch, advance):
                yield finding
            run.reach(stretch.last, unsigned)
        if unsigned.rows:
            yield unsigned

    async def _stretches(self, account_id: str | None, after: str) -> AsyncIterator[Stretch]:
        """Cut all ids that are there into stretches, whether they are of accounts, of rows or of marks alone."""
        if account_id:
            yield Stretch("", account_id, is_one=True)
            return
        ends = [(await self._database.fetch(statement))[0]["last"] for statement in _ENDS]
        last = max((end for end in ends if end), default="")
        while after < last:
            heads = await self._database.fetch(_HEADS, {"after": after, "last": last})
            upto = heads[-1]["account_id"] if len(heads) == ACCOUNTS_AT_ONCE else last
            yield Stretch(after, upto)
            after = upto

    async def _walks(self, stretch: Stretch, signed: int, unsigned: Unsigned) -> Walks:
        ids = {"after": stretch.after, "last": stretch.last}
        if stretch.is_one:
            heads = await self._database.fetch(_HEAD, {"id": stretch.last})
            marks = await self._database.fetch(_MARKS_OF_ONE, {"last": stretch.last, "signed": signed})
        else:
            heads = await self._database.fetch(_HEADS, ids)
            marks = await self._database.fetch(_MARKS, {**ids, "signed": signed})
        walks = Walks(sealer=self._notary, corrupt=self._corrupt, unsigned=unsigned)
        for row in heads:
            walks.begin(append.head_of(row), bytes(row["audit_mac"]))
        for start in await self._starts(stretch):
            walks.of(start.account_id).begin_after(start)
        for row in marks:
            walks.of(row["account_id"]).mark(row["seq"], bytes(row["hash"]))
        return walks

    async def _walked(self, walks: Walks, stretch: Stretch, advance: Advance) -> AsyncIterator[Finding]:
        async for rows in self._pages(*stretch.start, stretch.last):
            for number, row in enumerate(rows):
                if number % ROWS_IN_A_ROW == 0:
                    await asyncio.sleep(0)  # whoever is served by the same process goes on
                walk = walks.of(row["account_id"])
                if row["seq"] > walk.seq + 1:
                    await self._catch_up(walk)
                for finding in () if walk.passes_over(row) else walk.step(row):
                    yield finding
            advance(len(rows))
        for walk in walks.all():
            async for finding in self._ended(walk):
                yield finding

    async def _ended(self, walk: ChainWalk) -> AsyncIterator[Finding]:
        """End a walk, after catching up with an account in use: its rows were read later than its head."""
        while walk.is_ahead and (head := await self._newer_head(walk)):
            walk.head, walk.mac = append.head_of(head), bytes(head["audit_mac"])
            async for rows in self._pages(walk.head.account_id, walk.seq, walk.head.account_id):
                for row in rows:
                    if row["seq"] <= walk.head.seq:
                        for finding in walk.step(row):
                            yield finding
        if walk.seq < walk.head.seq:
            await self._catch_up(walk)
        for finding in walk.end():
            yield finding

    async def _catch_up(self, walk: ChainWalk) -> None:
        """Pass over rows that were purged since the walk began."""
        account_id = walk.head.account_id
        for start in await self._starts(Stretch("", account_id, is_one=True)):
            walk.go_on_after(start)

    async def _starts(self, stretch: Stretch) -> list[Start]:
        first = stretch.last if stretch.is_one else stretch.after
        found = await starts_of(self._database, self._notary, first=first, last=stretch.last)
        return [start for start in found if stretch.is_one or start.account_id > first]

    async def _newer_head(self, walk: ChainWalk) -> Row | None:
        rows = await self._database.fetch(_HEAD, {"id": walk.head.account_id})
        return rows[0] if rows and rows[0]["audit_seq"] >= walk.seq else None

    async def _pages(self, after_id: str, after_seq: int, last: str) -> AsyncIterator[Sequence[Row]]:
        values = {"after_id": after_id, "after_seq": after_seq, "last": last}
        while rows := await self._database.fetch(_CHAINS, values):
            yield rows
            values = {**values, "after_id": rows[-1]["account_id"], "after_seq": rows[-1]["seq"]}


def _shrank(before: Counts | None, after: Counts | None) -> bool:
    return before is not None and (after is None or after.lacks_any_of(before))
