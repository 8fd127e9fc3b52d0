"""Marks: the end of each chain that had moved since the checkpoint before, as a checkpoint has seen it."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import cache

from sqlalchemy import bindparam, delete, exists, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from renumber.domain.account import NOBODIES
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.schema import tables

AT_ONCE = 500
EVER = 1 << 62

_account, _audit, _mark = tables.account, tables.audit, tables.audit_mark

_CLEAR = Statement(delete(_mark).where(_mark.c.number == bindparam("number")))
_END_OF_SLICE = Statement(
    select(_audit.c.at)
    .where(_audit.c.at >= bindparam("since"))
    .order_by(_audit.c.at)
    .offset(bindparam("offset"))
    .limit(1)
)
_MOVED = Statement(
    select(_audit.c.account_id).distinct().where(_audit.c.at >= bindparam("since"), _audit.c.at < bindparam("until"))
)
_ALL = Statement(
    select(_account.c.account_id, _account.c.audit_seq, _account.c.audit_hash)
    .where(_account.c.account_id > bindparam("after"))
    .order_by(_account.c.account_id)
    .limit(AT_ONCE)
)
_IS_MARKED = exists().where(
    _mark.c.account_id == _account.c.account_id,
    _mark.c.seq == _account.c.audit_seq,
    _mark.c.hash == _account.c.audit_hash,
)
# All marks at once are more than the planner knows of until it looks: it would join each slice with all there are.
_ANALYZE = Statement(text("ANALYZE audit_mark"))
_wish = upsert(_mark).values({column.name: bindparam(column.name) for column in _mark.c})
MARK = Statement(
    _wish.on_conflict_do_update(
        index_elements=["account_id", "number"], set_={"seq": _wish.excluded.seq, "hash": _wish.excluded.hash}
    )
)
# Said in the order of its index: without statistics, as when there have never been any marks, `number = …` passes for
# so few of them that each page would sort them all.
OF_ONE = (
    tuple_(_mark.c.number, _mark.c.account_id) > tuple_(bindparam("number"), bindparam("after")),
    _mark.c.number <= bindparam("number"),
)
_PAGE = select(_mark).where(*OF_ONE).order_by(_mark.c.number, _mark.c.account_id).limit(AT_ONCE)
_MARKS = Statement(_PAGE)
_page, _earlier = _PAGE.subquery(), _mark.alias("earlier")
_seen = (
    select(_earlier.c.seq)
    .where(_earlier.c.account_id == _page.c.account_id, _earlier.c.number < _page.c.number)
    .order_by(_earlier.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_with_seen = select(_page.c.account_id, _page.c.seq, _seen.label("seen")).select_from(_page).subquery()
_GAINED = Statement(
    select(
        func.max(_with_seen.c.account_id).label("last"),
        # The histories of unknown addresses were counted by older versions before any of them had a row.
        func.count().filter(_with_seen.c.seen.is_(None), _with_seen.c.account_id > NOBODIES[-1]).label("accounts"),
        func.sum(_with_seen.c.seq - func.coalesce(_with_seen.c.seen, 0)).label("rows_written"),
    ).select_from(_with_seen)
)


@cache
def _unmarked(count: int) -> Statement:
    """Find the ends of these chains by their keys: a plan for any whole slice would read every account for it."""
    keys = [bindparam(f"id_{place}", type_=_account.c.account_id.type) for place in range(count)]
    heads = select(_account.c.account_id, _account.c.audit_seq, _account.c.audit_hash)
    return Statement(heads.where(_account.c.account_id.in_(keys), ~_IS_MARKED))


async def clear_marks(database: Database, number: int) -> None:
    """Forget what a run that was broken off has marked for this checkpoint."""
    async with together(database) as tx:
        await tx.execute(_CLEAR, {"number": number})


async def mark_all(database: Database, number: int, *, is_mine: Callable[[], Awaitable[bool]]) -> bool:
    """Mark every chain that has begun, each once: the first checkpoint would find it again at each of its entries."""
    after = ""
    while rows := await database.fetch(_ALL, {"after": after}):
        if not await is_mine():
            return False
        await _keep(database, number, [row for row in rows if row["audit_seq"]])
        after = rows[-1]["account_id"]
    if database.dialect == "postgresql":
        await database.run(_ANALYZE)
    return True


async def mark_moved(database: Database, number: int, *, since: int, is_mine: Callable[[], Awaitable[bool]]) -> bool:
    """Go through the history in slices, so that no transaction is long; False if another process is doing so."""
    while since < EVER and await is_mine():
        ends = await database.fetch(_END_OF_SLICE, {"since": since, "offset": AT_ONCE})
        until = max(ends[0]["at"], since + 1) if ends else EVER
        moved = [row["account_id"] for row in await database.fetch(_MOVED, {"since": since, "until": until})]
        for first in range(0, len(moved), AT_ONCE):
            await _mark_those(database, number, moved[first : first + AT_ONCE])
        since = until
    return since == EVER


async def _mark_those(database: Database, number: int, moved: Sequence[str]) -> None:
    ids = {f"id_{place}": moved[min(place, len(moved) - 1)] for place in range(AT_ONCE)}
    await _keep(database, number, await database.fetch(_unmarked(AT_ONCE), ids))


async def _keep(database: Database, number: int, ends: Sequence[Row]) -> None:
    marks = [
        {"account_id": row["account_id"], "number": number, "seq": row["audit_seq"], "hash": row["audit_hash"]}
        for row in ends
    ]
    if marks:
        async with together(database) as tx:
            await tx.execute_many(MARK, marks)


async def digest_of_marks(database: Database, number: int) -> tuple[int, bytes]:
    """Count the marks of a checkpoint, and digest them in the order of their accounts."""
    digest, chains = hashlib.sha256(), 0
    async for row in _marks(database, number):
        digest.update(line_of(row))
        chains += 1
    return chains, digest.digest()


def line_of(mark: Row) -> bytes:
    """Give what a digest takes of a mark."""
    return f"{mark['account_id']}:{mark['seq']}:{bytes(mark['hash']).hex()}\n".encode()


async def _marks(database: Database, number: int) -> AsyncIterator[Row]:
    after = ""
    while rows := await database.fetch(_MARKS, {"number": number, "after": after}):
        for row in rows:
            yield row
        after = rows[-1]["account_id"]


async def gained(database: Database, number: int) -> tuple[int, int]:
    """Count the accounts that a checkpoint marks first, and the rows since the mark before of each chain."""
    accounts, rows, after = 0, 0, ""
    while (page := (await database.fetch(_GAINED, {"number": number, "after": after}))[0])["last"] is not None:
        accounts, rows, after = accounts + page["accounts"], rows + int(page["rows_written"]), page["last"]
    return accounts, rows
