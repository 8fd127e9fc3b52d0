"""Sealing everything anew under the current key, account by account, beside a running service."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Table, and_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from renumber.store import accounts, audit, tables
from renumber.store.engine import Database, Row, Statement
from renumber.store.shelf import Columns, Sealer, ms
from renumber.store.unit_of_work import together

ACCOUNTS_AT_ONCE = 200
Advance = Callable[[int], None]


class Rotator(Sealer, Protocol):
    """A sealer that knows which key is current."""

    @property
    def current(self) -> str: ...
    def is_current(self, sealed: bytes) -> bool: ...


@dataclass(frozen=True)
class Sealed:
    """A table's sealed columns, and the statements that find and exchange one value.

    The exchange compares with the value that was read: what the service has written meanwhile stays.
    """

    table: Table
    key: str
    columns: tuple[str, ...]

    def find(self) -> Statement:
        """The rows of one account."""
        wanted = [self.table.c[self.key], *(self.table.c[name] for name in self.columns)]
        return Statement(select(*wanted).where(self.table.c.account_id == bindparam("account_id")))

    def exchange(self, name: str) -> Statement:
        """Put a new ciphertext in place of the one that was read."""
        table = self.table
        here = and_(table.c.account_id == bindparam("same_account_id"), table.c[self.key] == bindparam("same_key"))
        return Statement(update(table).where(here, table.c[name] == bindparam("old")).values({name: bindparam("new")}))


SEALED = (
    Sealed(tables.session, "session_id", ("browser", "ip")),
    Sealed(tables.challenge, "purpose", ("destination",)),
    Sealed(tables.phone_change, "change_id", ("old_number", "new_number")),
    Sealed(tables.outbox, "message_id", ("content",)),
    Sealed(tables.audit, "seq", ("origin",)),
)
_FIND = {sealed.table.name: sealed.find() for sealed in SEALED}
_EXCHANGE = {(sealed.table.name, name): sealed.exchange(name) for sealed in SEALED for name in sealed.columns}

_account, _lookup, _progress = tables.account, tables.email_lookup, tables.key_rotation
_COUNT = Statement(select(func.count().label("accounts")).select_from(_account))
_PAGE = Statement(
    select(_account)
    .where(_account.c.account_id > bindparam("after"))
    .order_by(_account.c.account_id)
    .limit(ACCOUNTS_AT_ONCE)
)
_MOVE_ADDRESS = Statement(
    update(_lookup).where(_lookup.c.email_key == bindparam("old")).values(email_key=bindparam("new"))
)
_READ_PROGRESS = Statement(select(_progress).where(_progress.c.key_id == bindparam("key_id")))
_wish = insert(_progress).values({column.name: bindparam(column.name) for column in _progress.c})
_KEEP_PROGRESS = Statement(
    _wish.on_conflict_do_update(
        index_elements=["key_id"],
        set_={"done_up_to": _wish.excluded.done_up_to, "finished_at": _wish.excluded.finished_at},
    )
)


class Rotation:
    """One run towards the current key; a run that was broken off goes on where it stopped."""

    def __init__(self, database: Database, sealer: Rotator) -> None:
        self._database = database
        self._sealer = sealer

    async def size(self) -> int:
        """How many accounts there are."""
        return int((await self._database.fetch(_COUNT))[0]["accounts"])

    async def finished_at(self) -> int | None:
        """When everything was sealed with the current key, in epoch milliseconds."""
        rows = await self._database.fetch(_READ_PROGRESS, {"key_id": self._sealer.current})
        return rows[0]["finished_at"] if rows else None

    async def run(self, advance: Advance, now: datetime) -> None:
        """Seal anew what isn't under the current key."""
        rows = await self._database.fetch(_READ_PROGRESS, {"key_id": self._sealer.current})
        started, done = (rows[0]["started_at"], rows[0]["done_up_to"]) if rows else (ms(now), "")
        async for page in self._pages(done):
            for row in page:
                await self._account(row)
            advance(len(page))
            await self._keep(started, page[-1]["account_id"], None)
        await self._keep(started, "", ms(now))

    async def _pages(self, after: str) -> AsyncIterator[Sequence[Row]]:
        while rows := await self._database.fetch(_PAGE, {"after": after}):
            yield rows
            after = rows[-1]["account_id"]

    async def _keep(self, started: int, done: str, finished: int | None) -> None:
        async with together(self._database) as tx:
            values = {
                "key_id": self._sealer.current,
                "started_at": started,
                "done_up_to": done,
                "finished_at": finished,
            }
            await tx.execute(_KEEP_PROGRESS, values)

    async def _account(self, row: Row) -> None:
        """An account that the service changes meanwhile is read again until its turn comes."""
        for sealed in SEALED:
            await self._table(sealed, row["account_id"])
        if row["erased_at"] is None and row["email"] is not None:
            await self._own_row(row)

    async def _own_row(self, row: Row) -> None:
        shelf = accounts.shelf
        columns = shelf.columns(self._sealer, row["account_id"])
        account = accounts.from_row(row, columns)
        head = audit.head_columns(audit.head_of(row), self._sealer)
        same = {"same_account_id": row["account_id"], "same_key": row["account_id"], "same_version": row["version"]}
        new, old = self._sealer.fingerprints("email", account.email.key)
        async with together(self._database) as tx:
            touched = await tx.execute(shelf.update, {**shelf.to_row(account, columns), **head, **same})
            if touched and new != old:
                await tx.execute(_MOVE_ADDRESS, {"old": old, "new": new})
        if not touched:
            await self._again(row["account_id"])

    async def _again(self, account_id: str) -> None:
        rows = await self._database.fetch(accounts.shelf.load, {"account_id": account_id})
        if rows and rows[0]["erased_at"] is None:
            await self._own_row(rows[0])

    async def _table(self, sealed: Sealed, account_id: str) -> None:
        columns = Columns(self._sealer, sealed.table.name, account_id)
        rows = await self._database.fetch(_FIND[sealed.table.name], {"account_id": account_id})
        stale = [
            (name, row[sealed.key], bytes(row[name]))
            for row in rows
            for name in sealed.columns
            if row[name] is not None and not self._sealer.is_current(bytes(row[name]))
        ]
        if not stale:
            return
        async with together(self._database) as tx:
            for name, key, old in stale:
                new = columns.seal(name, columns.unseal(name, old))
                values = {"same_account_id": account_id, "same_key": key, "old": old, "new": new}
                await tx.execute(_EXCHANGE[sealed.table.name, name], values)
