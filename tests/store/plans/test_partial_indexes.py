"""No condition of a partial index is bound: a plan that is kept for all values could not use the index."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Index, bindparam, literal_column, select

from renumber.store.database.statement import Statement
from renumber.store.records import sessions
from renumber.store.schema import tables
from tests.store.plans.all_statements import all_statements

STATEMENTS = all_statements()


def conditions() -> Iterator[tuple[str, str]]:
    """Give the table and column of each condition that names a value, such as `state = 'waiting'` or `is_open`.

    That a column `IS NOT NULL` needs no constant: every comparison with it says so.
    """
    for table in tables.metadata.tables.values():
        for index in table.indexes:
            condition = partly(index)
            if condition and " NULL" not in condition:
                yield table.name, condition.split()[0]


def partly(index: Index) -> str:
    """Give the condition of a partial index, else nothing."""
    condition = index.dialect_options["postgresql"]["where"]
    assert str(condition) == str(index.dialect_options["sqlite"]["where"]), "an index is the same on both databases"
    return "" if condition is None else str(condition)


def bound(statement: Statement, table: str, column: str) -> list[str]:
    """Find where a statement compares a column with what is given at each call."""
    name = rf"(?<![\w.])(?:{table}\.)?{column}\b"
    compared = rf"(?:{name} (?:=|!=|<>|IN \(|IS(?: NOT)?) ?\$\d+)|(?:\$\d+(?:::\w+)? = {name})"
    return re.findall(compared, statement.postgresql.sql)


def test_the_conditions_are_known() -> None:
    assert {*conditions()} == {
        ("outbox", "state"), ("webhook_delivery", "state"), ("phone_change", "is_open"), ("recovery_case", "is_open"),
        ("audit", "actor"),
    }  # fmt: skip


def test_every_statement_of_the_store_is_found() -> None:
    found = dict(STATEMENTS)

    assert {"messages.outbox._CLAIM", "counters._lock(3)", "housekeeping.PURGES.links"} <= {*found}
    assert sessions.mapper.update in found.values()


@pytest.mark.parametrize(("table", "column"), sorted({*conditions()}))
def test_what_makes_an_index_partial_is_never_bound(table: str, column: str) -> None:
    touching = [(where, one) for where, one in STATEMENTS if table in one.reads | {one.table}]

    assert {where: bound(one, table, column) for where, one in touching if bound(one, table, column)} == {}


def test_a_bound_condition_is_found() -> None:
    is_bound = Statement(select(tables.outbox.c.due_at).where(tables.outbox.c.state == bindparam("wanted")))
    in_text = Statement(select(tables.outbox.c.due_at).where(literal_column("$1") == tables.outbox.c.state))

    assert bound(is_bound, "outbox", "state")
    assert bound(in_text, "outbox", "state")
