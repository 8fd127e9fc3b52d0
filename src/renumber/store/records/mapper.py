"""The mapper of a kind of state to its table: its row, its key, and saving by compare-and-set.

A whole row is converted here at once, as the schema declares its columns; `to_row` and `from_row` of a record know
only times and texts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Table, Update, and_, bindparam, insert, select, update

from renumber.domain.email_address import EmailAddress
from renumber.flows.ports.services import KeyedHash
from renumber.store.database.open import Row, Statement
from renumber.store.database.statement import Write
from renumber.store.schema.columns import Moment, Sealed, names_of

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Cells = dict[str, Any]
"""A row: each cell by the name of its column."""


class Sealer(Protocol):
    """Encrypts columns and makes keyed hashes."""

    def seal(self, text: str, context: str) -> bytes: ...
    def unseal(self, sealed: bytes, context: str) -> str: ...
    def seal_all(self, texts: Sequence[tuple[str | None, str]]) -> list[bytes | None]: ...
    def unseal_all(self, sealed: Sequence[tuple[bytes | None, str]]) -> list[str | None]: ...
    def fingerprint(self, purpose: KeyedHash, value: str) -> bytes: ...
    def fingerprints(self, purpose: KeyedHash, value: str) -> tuple[bytes, bytes]: ...


@dataclass(frozen=True, slots=True)
class Columns:
    """Seals and unseals the columns of one account's row; a ciphertext moved to another place doesn't open."""

    sealer: Sealer
    table: str
    account_id: str

    def seal(self, column: str, value: str | None) -> bytes | None:
        """Encrypt a text for this column."""
        return None if value is None else self.sealer.seal(value, self._context(column))

    def unseal(self, column: str, sealed: bytes | None) -> str | None:
        """Decrypt a text of this column."""
        return None if sealed is None else self.sealer.unseal(bytes(sealed), self._context(column))

    def text(self, column: str, sealed: bytes | None) -> str:
        """Decrypt a text that is always there; an erased one reads as empty."""
        return self.unseal(column, sealed) or ""

    def address(self, column: str, sealed: bytes | None) -> EmailAddress:
        """Decrypt an e-mail address."""
        return EmailAddress(self.text(column, sealed))

    def _context(self, column: str) -> str:
        return f"{self.table}.{column}:{self.account_id}"


def ms(moment: datetime) -> int:
    """Convert a time to epoch milliseconds."""
    return (moment - EPOCH) // MILLISECOND


def ms_or_none(moment: datetime | None) -> int | None:
    """Convert a time, if there is one, to epoch milliseconds."""
    return None if moment is None else ms(moment)


def moment(value: int) -> datetime:
    """Convert epoch milliseconds to a time."""
    return EPOCH + value * MILLISECOND


def moment_or_none(value: int | None) -> datetime | None:
    """Convert epoch milliseconds, if there are any, to a time."""
    return None if value is None else moment(value)


class Format:
    """The form in which a table keeps a row: times in milliseconds, sealed columns as ciphertexts of their place."""

    def __init__(self, table: Table) -> None:
        self._times, self._sealed = names_of(Moment, table), names_of(Sealed, table)
        self._places = [(name, f"{table.name}.{name}:") for name in self._sealed]

    def kept(self, row: Cells, sealer: Sealer) -> Cells:
        """Convert times and texts to what is kept of them; all that is sealed of a row is sealed at once."""
        for name in self._times:
            if (time := row.get(name)) is not None:
                row[name] = (time - EPOCH) // MILLISECOND
        if self._sealed:
            row.update(zip(self._sealed, sealer.seal_all(self._placed(row)), strict=True))
        return row

    def read(self, row: Cells, sealer: Sealer) -> Cells:
        """Convert what was kept to times and texts; what was erased stays None."""
        for name in self._times:
            if (time := row.get(name)) is not None:
                row[name] = EPOCH + time * MILLISECOND
        if self._sealed:
            row.update(zip(self._sealed, sealer.unseal_all(self._placed(row)), strict=True))
        return row

    def _placed(self, row: Cells) -> list[tuple[Any, str]]:
        """Give each cell of a sealed column with its place, which is that of the row's account."""
        account_id = row["account_id"]
        return [(row[name], place + account_id) for name, place in self._places]


def cells_of(row: Row) -> Cells:
    """Give every cell of a row by its name, which is found faster than in the row itself."""
    return dict(zip(row.keys(), row, strict=True))


class Mapper(Generic[T]):
    """One aggregate's table, with the statements to load and save it."""

    def __init__(
        self,
        kind: type[T],
        table: Table,
        key: str,
        *,
        to_row: Callable[[T], Cells],
        from_row: Callable[[Cells], T],
        hashed: Mapping[str, KeyedHash] | None = None,
        rows_are_apart: bool = False,
    ) -> None:
        """Of a text in a hashed column only its keyed hash is kept.

        Rows are apart if no index but the key's holds two of an account's against each other.
        """
        self.kind, self.table, self.key = kind, table, key
        self._to_row, self._from_row = to_row, from_row
        self._format, self._hashed = Format(table), hashed or {}
        here = and_(table.c.account_id == bindparam("account_id"), table.c[key] == bindparam(key))
        self.load = Statement(select(table).where(here))
        self.load_all = Statement(select(table).where(table.c.account_id == bindparam("account_id")))
        inserted, updated = (("account_id", key), ("same_account_id", "same_key")) if rows_are_apart else ((), ())
        columns: dict[str, Any] = {column.name: bindparam(column.name) for column in table.c}
        self.insert = Statement(insert(table).values(columns), row=inserted)
        self.update = Statement(_update(table, key), row=updated)

    def saving(self, state: T, sealer: Sealer, **more: object) -> Write:
        """The statement that inserts a state that is new, and updates any other only over the version that was loaded.

        `more` are columns of its row that aren't the state's own.
        """
        row = {**self.write(state, sealer), **more}
        if row["version"] == 0:
            return self.insert, {**row, "version": 1}
        here = {"same_account_id": row["account_id"], "same_key": row[self.key], "same_version": row["version"]}
        return self.update, {**row, **here}

    def write(self, state: T, sealer: Sealer) -> Cells:
        """Give the row that keeps a state."""
        row = self._to_row(state)
        for name, purpose in self._hashed.items():
            row[name] = None if row[name] is None else sealer.fingerprint(purpose, row[name])
        return self._format.kept(row, sealer)

    def read(self, row: Row | Cells, sealer: Sealer) -> T:
        """Read a state from its row; raises Unreadable if a sealed column was altered or moved, or its key is gone."""
        cells = row.copy() if isinstance(row, dict) else cells_of(row)
        return self._from_row(self._format.read(cells, sealer))


def _update(table: Table, key: str) -> Update:
    """Save only over the version that was loaded."""
    fixed = ("account_id", key, "version")
    changes: dict[str, Any] = {column.name: bindparam(column.name) for column in table.c if column.name not in fixed}
    here = and_(table.c.account_id == bindparam("same_account_id"), table.c[key] == bindparam("same_key"))
    return (
        update(table)
        .where(here, table.c.version == bindparam("same_version"))
        .values({**changes, "version": table.c.version + 1})
    )


@cache
def _labels(table: Table) -> Mapping[str, str]:
    return {f"{table.name}_{column.name}": column.name for column in table.c}


def labelled(table: Table) -> list[Any]:
    """List the columns of a table under names that are unique in a join, where `part_of` finds them."""
    return [table.c[name].label(label) for label, name in _labels(table).items()]


def part_of(joined: Cells, table: Table) -> Cells | None:
    """Give the row of one table out of that of a join; None if the join has found none."""
    cells = {name: joined[label] for label, name in _labels(table).items()}
    return None if cells["account_id"] is None else cells


class Joined:
    """A row of a join whose columns are `labelled`, read as the states of its tables."""

    def __init__(self, row: Row, sealer: Sealer) -> None:
        self._cells = cells_of(row)
        self._sealer = sealer

    def of(self, mapper: Mapper[T]) -> T:
        """Read the state of a table that is always there."""
        state = self.find(mapper)
        assert state is not None, "an inner join has a row of every table"
        return state

    def find(self, mapper: Mapper[T]) -> T | None:
        """Read the state of a table that the join may have found no row of."""
        cells = part_of(self._cells, mapper.table)
        return mapper.read(cells, self._sealer) if cells else None
