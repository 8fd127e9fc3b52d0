"""Sealing everything anew under the current key, page by page, beside a running service."""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from renumber.flows.ports.services import Clock, KeyedHash, Unreadable
from renumber.store.audit import append
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement, Transaction, Values
from renumber.store.keys.sealed_columns import ACCOUNT_COLUMNS, SAMPLES, SEALED, STALE_ACCOUNTS, SealedTable
from renumber.store.records.mapper import Columns, Sealer, ms
from renumber.store.schema import tables

ACCOUNTS_AT_ONCE = 200  # which wait for each other, if somebody signs in there just now
PASSES = 3  # what a slow process has sealed with the old key meanwhile is found by the next one
Advance = Callable[[int], None]


class Rotator(Sealer, Protocol):
    """A sealer that knows which key is current."""

    @property
    def current(self) -> str: ...
    def is_current(self, sealed: bytes) -> bool: ...


_account, _lookup, _progress = tables.account, tables.email_lookup, tables.key_rotation
_taken, _identity = _lookup.alias("taken"), tables.support.staff_identity

_COUNT = Statement(select(func.count().label("rows")).select_from(_account))
_PAGE = Statement(
    select(_account)
    .where(_account.c.account_id > bindparam("after"))
    .order_by(_account.c.account_id)
    .limit(ACCOUNTS_AT_ONCE)
)
# The version stays: nothing that a person would notice has changed, and a unit of work that waits may go on.
_EXCHANGE = Statement(
    update(_account)
    .where(_account.c.account_id == bindparam("same_account_id"), _account.c.version == bindparam("same_version"))
    .values({name: bindparam(name) for name in (*ACCOUNT_COLUMNS, "number_key", "audit_mac")})
)
_MOVE_ADDRESS = Statement(
    update(_lookup)
    .where(
        _lookup.c.email_key == bindparam("old"),
        ~exists().where(_taken.c.email_key == bindparam("new")),
    )
    .values(email_key=bindparam("new"))
)
_other = _identity.alias("other")
_MOVE_ADDRESS_OF_STAFF = Statement(
    update(_identity)
    .where(_identity.c.email_key == bindparam("old"), ~exists().where(_other.c.email_key == bindparam("new")))
    .values(email_key=bindparam("new"))
)
_READ_PROGRESS = Statement(select(_progress).where(_progress.c.key_id == bindparam("key_id")))
_wish = insert(_progress).values({column.name: bindparam(column.name) for column in _progress.c})
_KEEP_PROGRESS = Statement(
    _wish.on_conflict_do_update(
        index_elements=["key_id"],
        set_={"done_up_to": _wish.excluded.done_up_to, "finished_at": _wish.excluded.finished_at},
    )
)


@dataclass
class Progress:
    """The progress of one rotation; times are in epoch milliseconds."""

    key_id: str
    started_at: int
    done_up_to: str = ""
    finished_at: int | None = None
    unreadable: list[str] = field(default_factory=list)  # table, column and account; never the value


class Rotation:
    """One run towards the current key; a run that was broken off goes on where it stopped."""

    def __init__(self, database: Database, sealer: Rotator, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._current = {"current": bytes.fromhex(sealer.current)}

    async def progress(self) -> Progress:
        """Read how far the rotation to the current key is."""
        key_id = self._sealer.current
        rows = await self._database.fetch(_READ_PROGRESS, {"key_id": key_id})
        if not rows:
            return Progress(key_id, ms(self._clock.now()))
        kept = rows[0]
        return Progress(
            key_id=key_id,
            started_at=kept["started_at"],
            done_up_to=kept["done_up_to"],
            finished_at=kept["finished_at"],
        )

    async def size(self) -> int:
        """Count the rows to look at or to seal."""
        return await self._counted(_COUNT) + await self.stale()

    async def stale(self) -> int:
        """Count the rows that are still sealed with another key."""
        tables = [await self._counted(sealed.count, self._current) for sealed in SEALED]
        return sum(tables) + await self._counted(STALE_ACCOUNTS, self._current)

    async def sampled(self) -> tuple[int, int]:
        """Look at some rows of each table, the first and those from anywhere on: how many, and how many are stale."""
        looked_at = stale = 0
        for statement in SAMPLES:
            for first in ("", secrets.token_hex(16)):
                row = (await self._database.fetch(statement, {**self._current, "first": first}))[0]
                looked_at, stale = looked_at + int(row["rows"]), stale + int(row["stale"])
        return looked_at, stale

    async def _counted(self, statement: Statement, values: Values | None = None) -> int:
        return int((await self._database.fetch(statement, values or {}))[0]["rows"])

    async def run(self, advance: Advance) -> Progress:
        """Seal anew what isn't under the current key; it is finished once nothing is left that can be read."""
        progress = await self.progress()
        for _ in range(PASSES):
            progress.unreadable.clear()
            await self._accounts(progress, advance)
            for sealed in SEALED:
                await self._table(sealed, progress, advance)
            if progress.unreadable:
                break
            if not await self.stale():
                progress.finished_at = ms(self._clock.now())
                break
        progress.done_up_to = ""
        async with together(self._database) as tx:
            await _keep(tx, progress)
        return progress

    async def _accounts(self, progress: Progress, advance: Advance) -> None:
        """Go through every account, erased ones too: the end of its history is authenticated with the key."""
        while rows := await self._database.fetch(_PAGE, {"after": progress.done_up_to}):
            exchanged = [self._exchanged(row, progress) for row in rows]
            moved = [move for row in rows for move in self._moves(row)]
            progress.done_up_to = rows[-1]["account_id"]
            async with together(self._database) as tx:
                await tx.execute_many(_EXCHANGE, [row for row in exchanged if row])
                await tx.execute_many(_MOVE_ADDRESS, moved)
                await tx.execute_many(_MOVE_ADDRESS_OF_STAFF, moved)
                await _keep(tx, progress)
            advance(len(rows))
        progress.done_up_to = ""

    def _exchanged(self, row: Row, progress: Progress) -> Values | None:
        columns, mac = Columns(self._sealer, _account.name, row["account_id"]), self._mac(row)
        sealed = [bytes(row[name]) for name in ACCOUNT_COLUMNS if row[name] is not None]
        if mac == bytes(row["audit_mac"]) and all(map(self._sealer.is_current, sealed)):
            return None
        try:
            texts = {name: columns.unseal(name, row[name]) for name in ACCOUNT_COLUMNS}
        except Unreadable as trouble:
            progress.unreadable.append(f"account {row['account_id']}: {trouble}")
            return None
        number = texts["number"]
        return {
            **{name: columns.seal(name, text) for name, text in texts.items()},
            "number_key": self._sealer.fingerprints(KeyedHash.NUMBER, number)[0] if number else None,
            "audit_mac": mac,
            "same_account_id": row["account_id"],
            "same_version": row["version"],
        }

    def _mac(self, row: Row) -> bytes:
        """Authenticate the history's end anew, if it was authentic: nothing may vouch for an altered history."""
        head, found = append.head_of(row), bytes(row["audit_mac"])
        return append.mac(head, self._sealer)[0] if append.is_authentic(head, found, self._sealer) else found

    def _moves(self, row: Row) -> list[Values]:
        """Move the look-up of the address, also if the account's row was saved with the new key meanwhile."""
        try:
            email = Columns(self._sealer, _account.name, row["account_id"]).address("email", row["email"])
        except Unreadable:
            return []
        new, old = self._sealer.fingerprints(KeyedHash.EMAIL, email.key)
        return [{"old": old, "new": new}] if email.key and new != old else []

    async def _table(self, sealed: SealedTable, progress: Progress, advance: Advance) -> None:
        async for rows in self._stale_rows(sealed):
            async with together(self._database) as tx:
                for name in sealed.columns:
                    exchanges = [values for row in rows if (values := self._fresh(sealed, row, name, to=progress))]
                    await tx.execute_many(sealed.exchange[name], exchanges)
            advance(len(rows))

    async def _stale_rows(self, sealed: SealedTable) -> AsyncIterator[Sequence[Row]]:
        after: dict[str, object] = {"after_id": "", "after_key": sealed.first}
        while rows := await self._database.fetch(sealed.find, {**after, **self._current}):
            yield rows
            after = {"after_id": rows[-1]["account_id"], "after_key": rows[-1][sealed.key]}

    def _fresh(self, sealed: SealedTable, row: Row, name: str, *, to: Progress) -> Values | None:
        old = row[name]
        if old is None or self._sealer.is_current(bytes(old)):
            return None
        columns = Columns(self._sealer, sealed.table.name, row["account_id"])
        try:
            new = columns.seal(name, columns.unseal(name, old))
        except Unreadable as trouble:
            to.unreadable.append(f"account {row['account_id']}: {trouble}")
            return None
        return {"same_account_id": row["account_id"], "same_key": row[sealed.key], "old": old, "new": new}


async def _keep(tx: Transaction, progress: Progress) -> None:
    values = {name: getattr(progress, name) for name in ("key_id", "started_at", "done_up_to", "finished_at")}
    await tx.execute(_KEEP_PROGRESS, values)
