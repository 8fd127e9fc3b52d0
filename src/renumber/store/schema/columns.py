"""Columns that every table of the schema has, and the metadata that collects the tables."""

from sqlalchemy import Column, Integer, MetaData, Text

metadata = MetaData()


def id_column(name: str = "account_id", *, key: bool = True) -> Column[str]:
    """Define a column for an id, part of the primary key unless said otherwise."""
    return Column(name, Text, primary_key=key, nullable=False)


def version_column() -> Column[int]:
    """Define the version column that compare-and-set guards."""
    return Column("version", Integer, nullable=False)
