"""A sealed cell opens in its place and nowhere else: not in another column, not in another account's row."""

import re
from typing import Any

import pytest
from sqlalchemy import BigInteger, Table

from renumber.crypto.key_ring import CorruptSecret, KeyRing
from renumber.store.records.mapper import Format
from renumber.store.schema.columns import Moment, Sealed, names_of
from renumber.store.schema.tables import metadata

RING = KeyRing.from_secret("a secret of at least thirty-two bytes")
HERE, ELSEWHERE = "an account", "another account"
SEALED = {
    "account": {"email", "name", "number", "former_number"},
    "app_key": {"key"},
    "audit": {"origin"},
    "authorization_request": {"content"},
    "challenge": {"destination"},
    "device": {"name", "subscription"},
    "event": {"numbers"},
    "kept_answer": {"content"},
    "outbox": {"content"},
    "passkey": {"name"},
    "phone_change": {"old_number", "new_number"},
    "prompt": {"browser", "ip"},
    "recovery_case": {"evidence"},
    "recovery_codes": {"digests"},
    "security_event": {"content"},
    "server_key": {"secret"},
    "session": {"browser", "ip"},
    "stream": {"content", "reason"},
}
PLACES = [(table, name) for table in metadata.tables.values() for name in names_of(Sealed, table)]
NAMES = [f"{table.name}.{name}" for table, name in PLACES]


def a_row(table: Table, account_id: str = HERE) -> dict[str, Any]:
    """A row as it is kept, of which every sealed cell says where it stands."""
    texts = {name: f"{table.name}.{name}" for name in names_of(Sealed, table)}
    return Format(table).kept({"account_id": account_id, **texts}, RING)


def test_these_columns_are_sealed() -> None:
    assert {name: set(names_of(Sealed, table)) for name, table in metadata.tables.items()} == {
        name: SEALED.get(name, set()) for name in metadata.tables
    }


def test_every_time_is_declared_as_one() -> None:
    times = re.compile(r"(^|_)(at|until|since)$")

    assert not [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, BigInteger) and bool(times.search(column.name)) != isinstance(column.type, Moment)
    ]


@pytest.mark.parametrize(("table", "column"), PLACES, ids=NAMES)
def test_a_sealed_cell_opens_in_its_place_and_an_erased_one_is_none(table: Table, column: str) -> None:
    row = {**a_row(table), **{name: None for name in names_of(Sealed, table) if name != column}}

    opened = Format(table).read({**row}, RING)

    assert opened == {**row, column: f"{table.name}.{column}"}
    assert f"{table.name}.{column}".encode() not in row[column]


@pytest.mark.parametrize(("table", "column"), PLACES, ids=NAMES)
def test_a_sealed_cell_is_refused_in_the_row_of_another_account(table: Table, column: str) -> None:
    moved = {**a_row(table, ELSEWHERE), column: a_row(table)[column]}

    with pytest.raises(CorruptSecret, match=rf"{table.name}\.{column} was altered or belongs to another row"):
        Format(table).read(moved, RING)


@pytest.mark.parametrize(("table", "column"), PLACES, ids=NAMES)
def test_a_sealed_cell_is_refused_in_every_other_column(table: Table, column: str) -> None:
    cell = a_row(table)[column]

    for other, elsewhere in PLACES:
        if (other, elsewhere) != (table, column):
            with pytest.raises(CorruptSecret, match=rf"{other.name}\.{elsewhere} was altered"):
                Format(other).read({**a_row(other), elsewhere: cell}, RING)


@pytest.mark.parametrize(("table", "column"), PLACES, ids=NAMES)
def test_a_sealed_cell_that_was_altered_is_refused(table: Table, column: str) -> None:
    row = a_row(table)
    altered = row[column][:-1] + bytes([row[column][-1] ^ 1])

    with pytest.raises(CorruptSecret, match=rf"{table.name}\.{column} was altered"):
        Format(table).read({**row, column: altered}, RING)
