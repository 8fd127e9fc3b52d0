"""Budgets of notices by text as rows, found by the number's keyed hash."""

import json

from sqlalchemy import bindparam, insert, select, update

from renumber.domain.messages.message import TextBudget
from renumber.store.database.open import Row, Statement
from renumber.store.database.statement import Write
from renumber.store.records.mapper import Cells, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema.operations import text_budget

LOAD = Statement(select(text_budget).where(text_budget.c.account_id == bindparam("account_id")))
_INSERT = Statement(insert(text_budget).values({column.name: bindparam(column.name) for column in text_budget.c}))
_UPDATE = Statement(
    update(text_budget)
    .where(text_budget.c.account_id == bindparam("same_account_id"), text_budget.c.number_key == bindparam("same_key"))
    .values({column.name: bindparam(column.name) for column in text_budget.c if column.name != "account_id"})
)


def from_row(row: Cells | Row) -> TextBudget:
    """Read a budget."""
    return TextBudget(
        account_id=row["account_id"],
        number_key=bytes(row["number_key"]),
        times=tuple(moment(at) for at in json.loads(row["times"])),
        joined=row["joined"],
        joined_at=moment_or_none(row["joined_at"]),
        joined_id=row["joined_id"],
        burst_ends_at=moment_or_none(row["burst_ends_at"]),
    )


def saving(budget: TextBudget, *, over: bytes | None) -> Write:
    """The statement that saves a budget: a new row, or over the one that was found under this key."""
    row = _to_row(budget)
    if over is None:
        return _INSERT, row
    account_id = row.pop("account_id")
    return _UPDATE, {**row, "same_account_id": account_id, "same_key": over}


def _to_row(budget: TextBudget) -> dict[str, object]:
    return {
        "account_id": budget.account_id,
        "number_key": budget.number_key,
        "times": json.dumps([ms(at) for at in budget.times]),
        "joined": budget.joined,
        "joined_at": ms_or_none(budget.joined_at),
        "joined_id": budget.joined_id,
        "burst_ends_at": ms_or_none(budget.burst_ends_at),
        "ends_at": ms(budget.ends_at),
    }
