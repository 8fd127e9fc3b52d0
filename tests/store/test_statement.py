"""Statements: one construct, two dialects, values put in their places."""

from importlib import import_module
from pkgutil import walk_packages

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Enum,
    LargeBinary,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from renumber import store
from renumber.store.database.batches import batches
from renumber.store.database.statement import Statement

_thing = Table(
    "thing",
    MetaData(),
    Column("account_id", Text, primary_key=True),
    Column("hash", LargeBinary),
    Column("at", BigInteger),
    Column("used", Boolean),
)


def test_each_dialect_gets_its_own_text_and_places() -> None:
    statement = Statement(
        select(_thing.c.hash).where(
            _thing.c.at > bindparam("now"), _thing.c.hash == bindparam("hash"), _thing.c.at + 5 < bindparam("now")
        )
    )

    assert statement.sqlite.sql.replace("\n", "") == (
        "SELECT thing.hash FROM thing WHERE thing.at > ? AND thing.hash = ? AND thing.at + 5 < ?"
    )
    assert statement.postgresql.sql.replace("\n", "") == (
        "SELECT thing.hash FROM thing WHERE thing.at > $1::BIGINT AND thing.hash = $2::BYTEA"
        " AND thing.at + 5 < $1::BIGINT"
    )
    assert statement.sqlite.args({"now": 1, "hash": b"k"}) == [1, b"k", 1]
    assert statement.postgresql.args({"now": 1, "hash": b"k"}) == [1, b"k"]


def test_a_value_that_a_name_brings_need_not_be_given_and_can_be_set_otherwise() -> None:
    set_at = bindparam("at", 7, type_=BigInteger)
    statement = Statement(update(_thing).where(_thing.c.account_id == bindparam("id")).values(at=set_at))

    assert statement.sqlite.args({"id": "a"}) == [7, "a"]
    assert statement.sqlite.args({"id": "a", "at": 8}) == [8, "a"]


def test_a_list_of_constants_is_written_out() -> None:
    statement = Statement(select(_thing.c.at).where(_thing.c.account_id.in_(["a", "b's"])))

    assert statement.sqlite.args({}) == []
    assert "IN ('a', 'b''s')" in statement.sqlite.sql
    assert "IN ('a', 'b''s')" in statement.postgresql.sql


@pytest.mark.parametrize(
    ("constant", "written"), [("waiting", "'waiting'"), ("it's 50 % :at $1", "'it''s 50 % :at $1'"), ("?", "'?'")]
)
def test_a_constant_of_a_condition_stands_in_the_text(constant: str, written: str) -> None:
    statement = Statement(select(_thing.c.at).where(_thing.c.account_id == constant, _thing.c.at < bindparam("now")))

    assert f"thing.account_id = {written}" in statement.sqlite.sql
    assert f"thing.account_id = {written}" in statement.postgresql.sql
    assert statement.sqlite.args({"now": 1}) == statement.postgresql.args({"now": 1}) == [1]


def test_bytes_are_bound_also_where_the_construct_names_them() -> None:
    statement = Statement(select(_thing.c.at).where(_thing.c.hash == b"k"))

    assert statement.postgresql.args({}) == [b"k"]


def test_an_upsert_of_postgresql_is_understood_by_both() -> None:
    statement = Statement(upsert(_thing).on_conflict_do_nothing(index_elements=["account_id"]))

    assert "ON CONFLICT (account_id) DO NOTHING" in statement.sqlite.sql
    assert "ON CONFLICT (account_id) DO NOTHING" in statement.postgresql.sql


def test_locking_rows_is_left_out_for_sqlite_which_has_one_writer() -> None:
    statement = Statement(select(_thing.c.at).with_for_update(skip_locked=True))

    assert "FOR UPDATE SKIP LOCKED" in statement.postgresql.sql
    assert "FOR UPDATE" not in statement.sqlite.sql


def test_a_missing_value_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Statement(insert(_thing)).sqlite.args({"account_id": "a"})


@pytest.mark.parametrize("kind", [DateTime(), Enum("a", "b")])
def test_a_type_that_would_need_a_processor_is_refused(kind: DateTime | Enum) -> None:
    table = Table("other", MetaData(), Column("column", kind))

    with pytest.raises(AssertionError, match="processor"):
        _ = Statement(insert(table)).sqlite


def test_a_default_that_only_sqlalchemy_would_fill_in_is_refused() -> None:
    table = Table("other", MetaData(), Column("id", Text), Column("at", BigInteger, default=lambda: 1))

    with pytest.raises(AssertionError, match="default"):
        _ = Statement(insert(table).values(id=bindparam("id"))).sqlite


def test_what_reads_a_table_runs_after_what_writes_it() -> None:
    writing = Statement(update(_thing).values(at=7))
    other = Table("other", MetaData(), Column("account_id", Text, primary_key=True))
    reading = Statement(insert(other).from_select(["account_id"], select(_thing.c.account_id)))

    assert [len(batch) for batch in batches([(writing, {}), (reading, {})])] == [1, 1]
    assert [len(batch) for batch in batches([(reading, {}), (writing, {})])] == [2]


def test_every_statement_of_the_service_is_one_in_both_dialects() -> None:
    for module in walk_packages(store.__path__, "renumber.store."):
        if ".migrations" not in module.name:
            import_module(module.name)

    ours = [statement for statement in Statement._all if statement.table not in {"thing", "other"}]

    assert len(ours) > 250
    assert all(statement.sqlite.sql and statement.postgresql.sql for statement in ours)


def test_two_statements_write_different_rows_of_a_table_together_and_the_same_row_one_after_the_other() -> None:
    one = Statement(update(_thing).where(_thing.c.account_id == bindparam("here")).values(at=1), row=("here",))
    other = Statement(delete(_thing).where(_thing.c.account_id == bindparam("there")), row=("there",))
    any_row = Statement(update(_thing).values(at=7))

    assert [len(batch) for batch in batches([(one, {"here": "a"}), (other, {"there": "b"})])] == [2]
    assert [len(batch) for batch in batches([(one, {"here": "a"}), (other, {"there": "a"})])] == [1, 1]
    assert [len(batch) for batch in batches([(one, {"here": "a"}), (any_row, {})])] == [1, 1]
