"""Columns that every table of the schema has, and the metadata that collects the tables."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, text

metadata = MetaData()


class Moment(BigInteger):
    """A time, in epoch milliseconds."""


class Sealed(LargeBinary):
    """A text that is encrypted for its place: this column of this account."""


def names_of(kind: type[Moment | Sealed], table: Table) -> tuple[str, ...]:
    """List the columns of a table that are of one of these kinds."""
    return tuple(column.name for column in table.c if isinstance(column.type, kind))


def id_column(name: str = "account_id", *, key: bool = True) -> Column[str]:
    """Define a column for an id, part of the primary key unless said otherwise."""
    return Column(name, Text, primary_key=key, nullable=False)


def version_column() -> Column[int]:
    """Define the version column that compare-and-set guards."""
    return Column("version", Integer, nullable=False)


def only_where(condition: str) -> dict[str, Any]:
    """Give what makes an index one of only these rows, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
