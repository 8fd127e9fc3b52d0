"""The guards: every unique index is one, and a duplicate names the same one on both databases."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text, bindparam, insert

from renumber.store.database.guards import Guard
from renumber.store.database.interface import ConstraintViolated, Database
from renumber.store.database.open import Statement, open_database
from renumber.store.schema import tables

GUARDED = {
    str(index.name): (table, index)
    for table in tables.metadata.tables.values()
    for index in table.indexes
    if index.unique and index.name
}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows."""
    opened = open_database(database_url)
    await opened.start()
    yield opened
    await opened.close()


def a_row(table: Table, place: str, guarded: set[str]) -> dict[str, object]:
    """A row with a key of its own, and with the same values as any other in the guarded columns."""
    return {column.name: a_value(column, "same" if column.name in guarded else place) for column in table.c}


def a_value(column: Column[object], text: str) -> object:
    kinds = {Text: text, LargeBinary: text.encode(), Boolean: True, Integer: 1}
    is_free = column.nullable and text != "same"
    return None if is_free else next(value for kind, value in kinds.items() if isinstance(column.type, kind))


def test_every_unique_index_is_a_guard_with_the_columns_that_sqlite_names() -> None:
    found = {
        name: ", ".join(f"{table.name}.{column.name}" for column in index.columns)
        for name, (table, index) in GUARDED.items()
    }

    assert found == {guard.index: guard.columns for guard in Guard}


@pytest.mark.parametrize("guard", Guard)
async def test_a_duplicate_names_the_guard_that_refused_it(database: Database, guard: Guard) -> None:
    table, index = GUARDED[guard.index]
    guarded = {column.name for column in index.columns}
    add = Statement(insert(table).values({column.name: bindparam(column.name) for column in table.c}))
    await database.run(add, a_row(table, "one", guarded))

    with pytest.raises(ConstraintViolated) as duplicate:
        await database.run(add, a_row(table, "other", guarded))

    assert duplicate.value.guard is guard


@pytest.mark.parametrize("table", [tables.passkey, tables.link, tables.phone_change], ids=str)
async def test_a_primary_key_given_twice_is_no_guard(database: Database, table: Table) -> None:
    add = Statement(insert(table).values({column.name: bindparam(column.name) for column in table.c}))
    keys = {column.name for column in table.primary_key}
    await database.run(add, {**a_row(table, "one", keys), **({"is_open": False} if "is_open" in table.c else {})})

    with pytest.raises(ConstraintViolated) as duplicate:
        await database.run(add, a_row(table, "other", keys))

    assert duplicate.value.guard is None
