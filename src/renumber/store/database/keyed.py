"""Queries by keyed hashes, in two forms: by one key, and by the key before too while a rotation is going on.

Outside a rotation both keys are the same. A plan made for these very values would see that and be cheaper than the one
kept for all, so that PostgreSQL would plan anew at each call.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, bindparam, or_
from sqlalchemy.sql.elements import ClauseElement

from renumber.store.database.statement import Statement, Values

Match = Callable[[ColumnElement[bytes], str], ColumnElement[bool]]


class KeyedStatement:
    """A query that is built of a way to match a column with the keys of a name."""

    __slots__ = ("_both", "_one")

    def __init__(self, build: Callable[[Match], ClauseElement]) -> None:
        self._one, self._both = Statement(build(_by_one)), Statement(build(_by_both))

    def under(self, **keys: tuple[bytes, bytes]) -> tuple[Statement, Values]:
        """Choose the form for these keys, each with the one before, and give its values."""
        values: dict[str, object] = {name: key for name, (key, _) in keys.items()}
        if all(key == previous for key, previous in keys.values()):
            return self._one, values
        return self._both, values | {f"previous_{name}": previous for name, (_, previous) in keys.items()}


def _by_one(column: ColumnElement[bytes], name: str) -> ColumnElement[bool]:
    return column == bindparam(name)


def _by_both(column: ColumnElement[bytes], name: str) -> ColumnElement[bool]:
    return or_(_by_one(column, name), _by_one(column, f"previous_{name}"))
