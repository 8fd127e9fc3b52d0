"""Statements: written as SQLAlchemy Core constructs, compiled once per dialect, run on the bare driver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar
from weakref import WeakSet

from sqlalchemy import Boolean, Enum, Integer, LargeBinary, Numeric, String, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg as postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter, ClauseElement
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import NullType, TypeEngine

Values = Mapping[str, object]
NOTHING: Values = MappingProxyType({})

_SQLITE = sqlite.dialect(paramstyle="qmark")
_SQLITE.supports_native_boolean = (
    True  # else it writes `is_open = 1`, which is not the condition of an index: `is_open`
)
_POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # asyncpg's dialect has no annotations


class _WritingConstants(SQLCompiler):
    """Writes the constants of a construct into its text.

    A plan that is kept for all values can use a partial index only where its condition stands in the text: bound to
    `state = $1` neither database may take the index of what waits, and PostgreSQL plans anew at each call.
    """

    def visit_bindparam(self, bindparam: BindParameter[Any], *given: Any, **options: Any) -> Any:
        """Write a constant; leave a place for what is given with each call."""
        if is_constant(bindparam):
            options["literal_binds"] = True
        return super().visit_bindparam(bindparam, *given, **options)  # type: ignore[no-untyped-call]  # it has none


def is_constant(parameter: BindParameter[Any]) -> bool:
    """Say whether this is a value that the construct itself names, in a form that both databases can read."""
    values = parameter.value if isinstance(parameter.value, list) else [parameter.value]
    return bool(parameter.unique and values) and all(isinstance(value, str | int) for value in values)


for _dialect in (_SQLITE, _POSTGRESQL):
    _own = _dialect.statement_compiler
    _dialect.statement_compiler = type(_own.__name__, (_WritingConstants, _own), {})
# Types that both drivers take and give as they are, so that leaving out SQLAlchemy's processors changes nothing.
_PLAIN_TYPES = (String, LargeBinary, Integer, Numeric, Boolean, NullType)


@dataclass(frozen=True, slots=True)
class Compiled:
    """One statement in one dialect: its text, and the names of its values in the order of their places."""

    sql: str
    names: tuple[str, ...]
    constants: Values

    def args(self, values: Values) -> list[object]:
        """Put the named values in their places; a missing one is a KeyError, which is a bug."""
        if self.constants:
            values = {**self.constants, **values}
        return [values[name] for name in self.names]

    def many(self, rows: Sequence[Values]) -> list[list[object]]:
        """Put the values of many rows in their places."""
        return [self.args(row) for row in rows]


class Statement:
    """A Core construct with named bind parameters, compiled for a database when it is first used there.

    An upsert is written with `sqlalchemy.dialects.postgresql.insert`, which SQLite's compiler understands too.
    `row` names the values that are the key of the one row that is written, if it is one: two statements that write
    different rows of a table may do so together.
    """

    _all: ClassVar["WeakSet[Statement]"] = WeakSet()

    def __init__(self, construct: ClauseElement, *, row: tuple[str, ...] = ()) -> None:
        self.table: str = getattr(getattr(construct, "table", None), "name", "")
        self.row = row
        self._construct = construct
        self._all.add(self)

    def __repr__(self) -> str:
        return f"Statement({self.sqlite.sql!r})"

    @cached_property
    def reads(self) -> frozenset[str]:
        """The tables that it reads beside the one that it changes."""
        return frozenset(part.name for part in iterate(self._construct) if isinstance(part, Table)) - {self.table}

    @cached_property
    def sqlite(self) -> Compiled:
        """The statement for SQLite."""
        return _compiled(self._construct, _SQLITE)

    @cached_property
    def postgresql(self) -> Compiled:
        """The statement for PostgreSQL."""
        return _compiled(self._construct, _POSTGRESQL)

    @classmethod
    def compile_all(cls, url: str) -> None:
        """Compile every statement that was imported for the database of this URL, before workers are forked."""
        for statement in cls._all:
            _ = (statement.sqlite,) if url.startswith("sqlite:") else (statement.postgresql, statement.reads)


def _compiled(construct: ClauseElement, dialect: Dialect) -> Compiled:
    compiled = construct.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    assert isinstance(compiled, SQLCompiler), "a Statement is a query or a change, never a definition of tables"
    assert not compiled.insert_prefetch, "a column default in Python would not run"
    assert not compiled.update_prefetch, "a column default in Python would not run"
    for bind in compiled.binds.values():
        assert _is_plain(bind.type), f"{bind.key} has the type {bind.type!r}, which needs a processor"
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return Compiled(str(compiled), tuple(compiled.positiontup or ()), constants)


def _is_plain(kind: TypeEngine[Any]) -> bool:
    return isinstance(kind, _PLAIN_TYPES) and not isinstance(kind, Enum)


Write = tuple[Statement, Values]
