"""The opening of a unit of work: one statement locks the account and reads what the act will ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import FromClause, and_, bindparam, select

from renumber.flows.ports.kept import Wanted
from renumber.store.database.open import Statement, Transaction
from renumber.store.mappers import MAPPERS
from renumber.store.records.mapper import Cells, Mapper, cells_of, labelled, part_of
from renumber.store.schema import tables
from renumber.store.schema.operations import text_budget

_account = tables.account
_before = _account.alias("before")
LOCK = Statement(select(_account).where(_account.c.account_id == bindparam("account_id")).with_for_update())


@dataclass(frozen=True, slots=True)
class Opened:
    """The locked account, what was found of the states that are wanted, and the budgets of texts.

    Nothing but the account is there if another act has ended while this one waited for the lock.
    """

    account: Cells
    found: Mapping[Wanted, Cells | None]
    budgets: Sequence[Cells] | None


async def lock(tx: Transaction, account_id: str, wanted: Sequence[Wanted]) -> Opened | None:
    """Lock the account; None if there is none.

    PostgreSQL waits for the lock within the statement and gives the newest row of the account, but the others as they
    were when the statement began. Every act that changes anything raises the account's version: if that is another than
    at the beginning, whatever came with it may be old.
    """
    statement = _lock_with(tuple((MAPPERS[one.kind], one.key is None) for one in wanted))
    keys = {f"key_{place}": one.key for place, one in enumerate(wanted) if one.key is not None}
    rows = await tx.fetch(statement, {"account_id": account_id, **keys})
    if not rows:
        return None
    first = cells_of(rows[0])
    account = part_of(first, _account)
    assert account is not None, "the account is what was asked for"
    if account["version"] != first["version_before"]:
        return Opened(account, {}, None)
    found = {one: part_of(first, _table(MAPPERS[one.kind], place)) for place, one in enumerate(wanted)}
    budgets = (part_of(cells_of(row), text_budget) for row in rows)
    return Opened(account, found, [budget for budget in budgets if budget])


@cache
def _table(mapper: Mapper[Any], place: int) -> Any:
    return mapper.table.alias(f"wanted_{place}")


@cache
def _lock_with(wanted: tuple[tuple[Mapper[Any], bool], ...]) -> "Statement":
    """Lock an account and read its states of these kinds: by their keys, or the change that is open."""
    joined: FromClause = _account
    parts = []
    for place, (mapper, is_open) in enumerate(wanted):
        part = _table(mapper, place)
        chosen = part.c.is_open if is_open else part.c[mapper.key] == bindparam(f"key_{place}")
        joined = joined.outerjoin(part, and_(part.c.account_id == bindparam("account_id"), chosen))
        parts.append(part)
    joined = joined.outerjoin(text_budget, text_budget.c.account_id == bindparam("account_id"))
    version = select(_before.c.version).where(_before.c.account_id == bindparam("account_id"))
    columns = [column for part in (_account, *parts, text_budget) for column in labelled(part)]
    return Statement(
        select(*columns, version.scalar_subquery().label("version_before"))
        .select_from(joined)
        .where(_account.c.account_id == bindparam("account_id"))
        .with_for_update(of=_account)
    )
