"""Marks of checkpoints that are older than all rows: the newest of each chain is carried on, the others are purged.

Each chain keeps a mark under a checkpoint whose digest can be proven, also if nothing has happened in it for years: one
that vanishes, or is put back to an earlier end, is named as before.
"""

import hashlib
from collections.abc import Awaitable, Callable

from sqlalchemy import bindparam, delete, exists, func, select

from renumber.store.audit.marks import AT_ONCE, MARK, OF_ONE, line_of
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.schema import tables

AT_MOST = 24  # checkpoints that one carries on: as many as come in a day
ROUNDS = 100  # slices that are purged in one turn of the housekeeping

_mark, _checkpoint, _audit = tables.audit_mark, tables.audit_checkpoint, tables.audit

_OLDEST_ROW = Statement(select(func.min(_audit.c.at).label("at")))
_OLDER = Statement(
    select(_checkpoint)
    .where(_checkpoint.c.number > bindparam("carried"), _checkpoint.c.at < bindparam("before"))
    .order_by(_checkpoint.c.number)
    .limit(AT_MOST)
)
_newer = _mark.alias("newer")
_is_last = ~exists().where(_newer.c.account_id == _mark.c.account_id, _newer.c.number > _mark.c.number)
_OF_ONE = Statement(
    select(_mark, _is_last.label("is_last")).where(*OF_ONE).order_by(_mark.c.number, _mark.c.account_id).limit(AT_ONCE)
)
_CARRIED = Statement(
    select(_mark.c.account_id, _mark.c.number)
    .where(_mark.c.number <= bindparam("carried"))
    .order_by(_mark.c.number, _mark.c.account_id)
    .limit(AT_ONCE)
)
_PURGE = Statement(
    delete(_mark).where(_mark.c.account_id == bindparam("same_account_id"), _mark.c.number == bindparam("same_number"))
)
_NEWEST = Statement(select(_checkpoint.c.carried).order_by(_checkpoint.c.number.desc()).limit(1))


async def older_than_all_rows(database: Database, carried: int) -> list[Row]:
    """Read the next checkpoints that have seen nothing but what is purged by now."""
    oldest = (await database.fetch(_OLDEST_ROW))[0]["at"]
    return [] if oldest is None else await database.fetch(_OLDER, {"carried": carried, "before": oldest})


async def carry(database: Database, checkpoint: Row, to: int, *, is_mine: Callable[[], Awaitable[bool]]) -> bool:
    """Copy the marks that are the newest of their chains; False if they are not what the checkpoint has signed.

    What is copied is what was compared: no mark is altered in between, and laundered.
    """
    digest, chains, after = hashlib.sha256(), 0, ""
    while rows := await database.fetch(_OF_ONE, {"number": checkpoint["number"], "after": after}):
        for row in rows:
            digest.update(line_of(row))
        chains, after = chains + len(rows), rows[-1]["account_id"]
        newest = [{**_values(row), "number": to} for row in rows if row["is_last"]]
        if not await is_mine():
            return False
        async with together(database) as tx:
            await tx.execute_many(MARK, newest)
    return (chains, digest.digest()) == (checkpoint["chains"], bytes(checkpoint["digest"]))


def _values(mark: Row) -> dict[str, object]:
    return {name: mark[name] for name in ("account_id", "seq", "hash")}


async def purge_carried(database: Database) -> None:
    """Purge the marks of checkpoints that a later, signed one has carried on, the oldest first."""
    newest = await database.fetch(_NEWEST)
    carried = newest[0]["carried"] if newest else None
    for _ in range(ROUNDS if carried else 0):
        rows = await database.fetch(_CARRIED, {"carried": carried})
        places = [{"same_account_id": row["account_id"], "same_number": row["number"]} for row in rows]
        if places:
            async with together(database) as tx:
                await tx.execute_many(_PURGE, places)
        if len(rows) < AT_ONCE:
            return
