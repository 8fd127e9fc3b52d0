"""Proving the history: every chain against its rows, its head and the signed checkpoints."""

from collections.abc import AsyncIterator, Callable, Sequence

from sqlalchemy import and_, bindparam, func, select, tuple_

from renumber.store.audit import append
from renumber.store.audit.checkpoints import Notary, digest_of_marks, read_checkpoint
from renumber.store.audit.walk import ChainWalk, Finding
from renumber.store.database.open import Database, Row, Statement
from renumber.store.schema import tables

ACCOUNTS_AT_ONCE, ROWS_AT_ONCE = 500, 2000
BEYOND_ALL, BEFORE_ALL = "~", -(1 << 62)  # sort after every id, and before every row

_account, _audit, _mark, _checkpoint = tables.account, tables.audit, tables.audit_mark, tables.audit_checkpoint

_ROWS = Statement(select(func.count().label("rows")).select_from(_audit))
_ROWS_OF_ONE = Statement(select(_account.c.audit_seq.label("rows")).where(_account.c.account_id == bindparam("id")))
_CHECKPOINTS = Statement(
    select(_checkpoint)
    .where(_checkpoint.c.number > bindparam("after"))
    .order_by(_checkpoint.c.number)
    .limit(ACCOUNTS_AT_ONCE)
)
_HEADS = Statement(
    select(_account.c.account_id, _account.c.audit_seq, _account.c.audit_hash, _account.c.audit_mac)
    .where(_account.c.account_id >= bindparam("first"), _account.c.account_id <= bindparam("last"))
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
_MARKS = Statement(
    select(_mark.c.account_id, _mark.c.seq, _mark.c.hash).where(
        and_(
            _mark.c.account_id >= bindparam("first"),
            _mark.c.account_id <= bindparam("last"),
            _mark.c.number <= bindparam("signed"),
        )
    )
)
_NEWEST = Statement(select(func.max(_checkpoint.c.number).label("signed")))

Advance = Callable[[int], None]
Stretch = dict[str, str]  # the first and the last of the accounts that are walked together


class AuditVerifier:
    """Reads everything once, in pages, beside a running service; `corrupt` is what unsealing raises."""

    def __init__(self, database: Database, notary: Notary, corrupt: type[Exception]) -> None:
        self._database = database
        self._notary = notary
        self._corrupt = corrupt

    async def size(self, account_id: str | None = None) -> int:
        """Count the rows to verify."""
        statement, values = (_ROWS_OF_ONE, {"id": account_id}) if account_id else (_ROWS, {})
        rows = await self._database.fetch(statement, values)
        return int(rows[0]["rows"]) if rows else 0

    async def checkpoints(self) -> AsyncIterator[str]:
        """Name each fault of the checkpoints themselves in a sentence."""
        previous, number = b"", 0
        while rows := await self._database.fetch(_CHECKPOINTS, {"after": number}):
            for row in rows:
                if row["number"] != number + 1:
                    yield f"Checkpoint {number + 1} is missing."
                async for sentence in self._checkpoint(row, previous):
                    yield sentence
                number, previous = row["number"], bytes(row["signature"])

    async def _checkpoint(self, row: Row, previous: bytes) -> AsyncIterator[str]:
        checkpoint = read_checkpoint(row)
        if not self._notary.verify(checkpoint.payload(previous), checkpoint.signature):
            yield f"Checkpoint {checkpoint.number}: it was changed, or signed with a key that is not in the ring."
        if await digest_of_marks(self._database, checkpoint.number) != (checkpoint.chains, checkpoint.digest):
            yield f"Checkpoint {checkpoint.number}: its marks were changed."

    async def chains(self, advance: Advance, account_id: str | None = None) -> AsyncIterator[Finding]:
        """Give a finding for each fault of the chains of all accounts, or of one."""
        first, last = account_id or "", account_id or BEYOND_ALL
        signed = (await self._database.fetch(_NEWEST))[0]["signed"] or 0
        more = True
        while more:
            heads = await self._database.fetch(_HEADS, {"first": first, "last": last})
            more = len(heads) == ACCOUNTS_AT_ONCE
            stretch = {"first": first, "last": heads[-1]["account_id"] if more else last}
            walks = await self._walks(heads, stretch, signed)
            async for finding in self._walked(walks, stretch, advance):
                yield finding
            first = _just_after(stretch["last"])

    async def _walks(self, heads: Sequence[Row], stretch: Stretch, signed: int) -> dict[str, ChainWalk]:
        walks = {row["account_id"]: self._walk(row) for row in heads}
        for row in await self._database.fetch(_MARKS, {**stretch, "signed": signed}):
            walk = walks.get(row["account_id"]) or self._lost(row["account_id"])
            walks[row["account_id"]] = walk
            walk.marks[row["seq"]] = bytes(row["hash"])
        return walks

    def _walk(self, row: Row) -> ChainWalk:
        return ChainWalk(append.head_of(row), bytes(row["audit_mac"]), sealer=self._notary, corrupt=self._corrupt)

    def _lost(self, account_id: str) -> ChainWalk:
        """Begin the walk of a chain whose account is gone, so that nothing vouches for its end."""
        head = append.Head(account_id, 0, append.START)
        return ChainWalk(head, b"", sealer=self._notary, corrupt=self._corrupt)

    async def _walked(self, walks: dict[str, ChainWalk], stretch: Stretch, advance: Advance) -> AsyncIterator[Finding]:
        async for rows in self._pages(stretch["first"], BEFORE_ALL, stretch["last"]):
            for row in rows:
                walk = walks.get(row["account_id"]) or walks.setdefault(
                    row["account_id"], self._lost(row["account_id"])
                )
                for finding in walk.step(row):
                    yield finding
            advance(len(rows))
        for walk in walks.values():
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
        for finding in walk.end():
            yield finding

    async def _newer_head(self, walk: ChainWalk) -> Row | None:
        account_id = walk.head.account_id
        rows = await self._database.fetch(_HEADS, {"first": account_id, "last": account_id})
        return rows[0] if rows and rows[0]["audit_seq"] >= walk.seq else None

    async def _pages(self, after_id: str, after_seq: int, last: str) -> AsyncIterator[Sequence[Row]]:
        values = {"after_id": after_id, "after_seq": after_seq, "last": last}
        while rows := await self._database.fetch(_CHAINS, values):
            yield rows
            values = {**values, "after_id": rows[-1]["account_id"], "after_seq": rows[-1]["seq"]}


def _just_after(account_id: str) -> str:
    """A text that sorts after this id and before every greater one: ids are of one length."""
    return f"{account_id} "
