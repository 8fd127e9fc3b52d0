"""What every table of the schema is made with."""

from sqlalchemy import Column, Integer, MetaData, Text

metadata = MetaData()


def id_column(name: str = "account_id", *, key: bool = True) -> Column[str]:
    """An id, part of the key unless said otherwise."""
    return Column(name, Text, primary_key=key, nullable=False)


def version_column() -> Column[int]:
    """What compare-and-set looks at."""
    return Column("version", Integer, nullable=False)
