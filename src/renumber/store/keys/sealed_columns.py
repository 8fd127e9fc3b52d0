"""Every sealed column but the account's own, and the statements that find and exchange what an older key sealed."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, and_, bindparam, func, or_, select, tuple_, update

from renumber.store.database.open import Statement
from renumber.store.schema.columns import Sealed, metadata, names_of
from renumber.store.schema.tables import account

KEY_ID_LENGTH = 4  # bytes in front of every sealed value
ROWS_AT_ONCE = 500
SAMPLED_AT_ONCE = 1_000
BEFORE_ALL = -(1 << 62)


def is_stale(*columns: ColumnElement[bytes | None]) -> ColumnElement[bool]:
    """Select rows with a value that another key than `current` has sealed; an empty one needs none."""
    current = bindparam("current", type_=columns[0].type)
    return or_(*(func.substr(column, 1, KEY_ID_LENGTH) != current for column in columns))


def _sample(table: Table, *columns: str) -> Statement:
    """Count such rows among those of the next accounts after an id."""
    some = select(*(table.c[name] for name in columns)).where(table.c.account_id >= bindparam("first"))
    looked_at = some.order_by(table.c.account_id).limit(SAMPLED_AT_ONCE).subquery()
    stale = func.count().filter(is_stale(*looked_at.c)).label("stale")
    return Statement(select(func.count().label("rows"), stale).select_from(looked_at))


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns, in the order of its key."""

    table: Table
    key: str = field(init=False)
    first: str | int = field(init=False)
    columns: tuple[str, ...] = field(init=False)
    find: Statement = field(init=False)
    count: Statement = field(init=False)
    sample: Statement = field(init=False)
    exchange: dict[str, Statement] = field(init=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        key = next(column for column in self.table.primary_key if column.name != "account_id")
        put(self, "key", key.name)
        put(self, "first", BEFORE_ALL if isinstance(key.type, Integer) else "")
        put(self, "columns", names_of(Sealed, self.table))
        put(self, "find", Statement(self._page()))
        counted = select(func.count().label("rows")).select_from(self.table)
        put(self, "count", Statement(counted.where(is_stale(*self._sealed))))
        put(self, "sample", _sample(self.table, *self.columns))
        put(self, "exchange", {name: self._exchange(name) for name in self.columns})

    @property
    def _sealed(self) -> list[ColumnElement[Any]]:
        return [self.table.c[name] for name in self.columns]

    def _page(self) -> Any:
        place = (self.table.c.account_id, self.table.c[self.key])
        after = tuple_(*place) > tuple_(bindparam("after_id"), bindparam("after_key"))
        return select(*place, *self._sealed).where(after, is_stale(*self._sealed)).order_by(*place).limit(ROWS_AT_ONCE)

    def _exchange(self, name: str) -> Statement:
        """Put a new ciphertext in place of the one that was read; what the service has written meanwhile stays."""
        table = self.table
        here = and_(table.c.account_id == bindparam("same_account_id"), table.c[self.key] == bindparam("same_key"))
        return Statement(update(table).where(here, table.c[name] == bindparam("old")).values({name: bindparam("new")}))


SEALED = tuple(SealedTable(one) for one in metadata.tables.values() if one is not account and names_of(Sealed, one))
ACCOUNT_COLUMNS = names_of(Sealed, account)
SAMPLES = (_sample(account, *ACCOUNT_COLUMNS), *(sealed.sample for sealed in SEALED))
STALE_ACCOUNTS = Statement(
    select(func.count().label("rows"))
    .select_from(account)
    .where(is_stale(*(account.c[name] for name in ACCOUNT_COLUMNS)))
)
