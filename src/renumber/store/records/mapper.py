"""The mapper of a kind of state to its table: its row, its key, and saving by compare-and-set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Table, Update, and_, bindparam, insert, select, update

from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.services import KeyedHash
from renumber.store.database.open import Row, Statement

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Sealer(Protocol):
    """Encrypts columns and makes keyed hashes."""

    def seal(self, text: str, context: str) -> bytes: ...
    def unseal(self, sealed: bytes, context: str) -> str: ...
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

    def number(self, column: str, sealed: bytes | None) -> PhoneNumber | None:
        """Decrypt a phone number."""
        text = self.unseal(column, sealed)
        return None if text is None else PhoneNumber(text)

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


class Prefixed:
    """A row of a join, seen as a row of one of its tables."""

    __slots__ = ("_prefix", "_row")

    def __init__(self, row: Row, table: Table) -> None:
        self._row = row
        self._prefix = f"{table.name}_"

    def __getitem__(self, column: str) -> Any:
        return self._row[self._prefix + column]


Cells = Mapping[str, Any] | Row | Prefixed


class Mapper(Generic[T]):
    """One aggregate's table, with the statements to load and save it."""

    def __init__(
        self,
        kind: type[T],
        table: Table,
        key: str,
        *,
        to_row: Callable[[T, Columns], dict[str, object]],
        from_row: Callable[[Cells, Columns], T],
        rows_are_apart: bool = False,
    ) -> None:
        """Rows are apart if no index but the key's holds two of an account's against each other."""
        self.kind, self.table, self.key = kind, table, key
        self.to_row, self.from_row = to_row, from_row
        here = and_(table.c.account_id == bindparam("account_id"), table.c[key] == bindparam(key))
        self.load = Statement(select(table).where(here))
        self.load_all = Statement(select(table).where(table.c.account_id == bindparam("account_id")))
        inserted, updated = (("account_id", key), ("same_account_id", "same_key")) if rows_are_apart else ((), ())
        columns: dict[str, Any] = {column.name: bindparam(column.name) for column in table.c}
        self.insert = Statement(insert(table).values(columns), row=inserted)
        self.update = Statement(_update(table, key), row=updated)

    def columns(self, sealer: Sealer, account_id: str) -> Columns:
        """Give the sealing of this table's columns for one account."""
        return Columns(sealer, self.table.name, account_id)


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


def labelled(table: Table) -> list[Any]:
    """List the columns of a table under names that are unique in a join; `Prefixed` reads them."""
    return [column.label(f"{table.name}_{column.name}") for column in table.c]


class JoinedRow:
    """A row of a join whose columns are `labelled`, read as the states of its tables."""

    def __init__(self, row: Row, sealer: Sealer, account_id: str) -> None:
        self._row = row
        self._sealer = sealer
        self._account_id = account_id

    def of(self, mapper: Mapper[T]) -> T:
        """Read the state of a table that is always there."""
        return mapper.from_row(Prefixed(self._row, mapper.table), mapper.columns(self._sealer, self._account_id))

    def find(self, mapper: Mapper[T]) -> T | None:
        """Read the state of a table that the join may have found no row of."""
        is_there = Prefixed(self._row, mapper.table)[mapper.key] is not None
        return self.of(mapper) if is_there else None
