"""The Reads port: what pages show, in one query where it can be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, select, update

from renumber.domain.account import Account
from renumber.domain.belonging import Belongings
from renumber.domain.challenge import Challenge, Purpose
from renumber.domain.passkey import Passkey, live
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import OpenSession, Session
from renumber.domain.sign_in import SignIn
from renumber.store import accounts, belongings, challenges, passkeys, phone_changes, sessions, sign_ins, tables
from renumber.store.engine import Row, Statement
from renumber.store.push_reads import PushPageReads
from renumber.store.shelf import Prefixed, Shelf, labelled, ms

_account, _change, _session = tables.account, tables.phone_change, tables.session


def _with_account(table: Table, key: str) -> Statement:
    joined = table.join(_account, _account.c.account_id == table.c.account_id).outerjoin(
        _change, and_(_change.c.account_id == table.c.account_id, _change.c.is_open)
    )
    here = and_(table.c.account_id == bindparam("account_id"), table.c[key] == bindparam(key))
    return Statement(select(*labelled(table), *labelled(_account), *labelled(_change)).select_from(joined).where(here))


_VISIT = _with_account(_session, "session_id")
_UNDERWAY = _with_account(tables.sign_in, "sign_in_id")
_SESSIONS = Statement(
    select(_session)
    .where(_session.c.account_id == bindparam("account_id"))
    .order_by(_session.c.created_at.desc())
    .limit(bindparam("limit"))
)
_TOUCH = Statement(
    update(_session)
    .where(
        _session.c.account_id == bindparam("same_account_id"),
        _session.c.session_id == bindparam("same_session_id"),
        _session.c.seen_at < bindparam("now"),
    )
    .values(seen_at=bindparam("now"))
    .returning(_session.c.session_id)
)


class PageReads(PushPageReads):
    """Reads without locks."""

    async def visit(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        """A session with its account and the account's open change, in one query."""
        rows = await self._database.fetch(_VISIT, {"account_id": account_id, "session_id": session_id})
        return (self._part(rows[0], sessions.shelf), *self._rest(rows[0])) if rows else None

    async def underway(self, account_id: str, sign_in_id: str) -> tuple[SignIn, Account, PhoneChange | None] | None:
        """A sign-in with its account and the account's open change, in one query."""
        rows = await self._database.fetch(_UNDERWAY, {"account_id": account_id, "sign_in_id": sign_in_id})
        return (self._part(rows[0], sign_ins.shelf), *self._rest(rows[0])) if rows else None

    def _rest(self, row: Row) -> tuple[Account, PhoneChange | None]:
        change = self._part(row, phone_changes.shelf) if row["phone_change_change_id"] else None
        return self._part(row, accounts.shelf), change

    def _part(self, row: Row, shelf: Shelf[Any]) -> Any:
        columns = shelf.columns(self._sealer, row["account_account_id"])
        return shelf.from_row(Prefixed(row, shelf.table), columns)

    async def challenge(self, account_id: str, purpose: Purpose) -> Challenge | None:
        """The code in flight for a purpose."""
        shelf = challenges.shelf
        rows = await self._database.fetch(shelf.load, {"account_id": account_id, "purpose": purpose.value})
        return shelf.from_row(rows[0], shelf.columns(self._sealer, account_id)) if rows else None

    async def passkeys(self, account_id: str) -> Sequence[Passkey]:
        """The account's passkeys, removed ones left out, oldest first."""
        shelf = passkeys.shelf
        rows = await self._database.fetch(shelf.load_all, {"account_id": account_id})
        columns = shelf.columns(self._sealer, account_id)
        return live([passkeys.from_row(row, columns) for row in rows])

    async def belongings(self, account_id: str) -> Belongings:
        """What the account's owner can prove themselves with besides the number, in one query."""
        rows = await self._database.fetch(belongings.BELONGINGS, {"account_id": account_id})
        return belongings.belongings_of(rows, self._sealer, account_id)

    async def profile(
        self, account_id: str, now: datetime, *, idle_since: datetime
    ) -> tuple[Belongings, Sequence[OpenSession]]:
        """The same and the sessions that can still be used, newest first, in one query."""
        values = {"account_id": account_id, "now": ms(now), "idle_since": ms(idle_since)}
        rows, sealer = await self._database.fetch(belongings.PROFILE, values), self._sealer
        return belongings.belongings_of(rows, sealer, account_id), belongings.open_sessions_of(rows, sealer, account_id)

    async def sessions(self, account_id: str, limit: int) -> Sequence[Session]:
        """The newest sessions, ended ones included."""
        rows = await self._database.fetch(_SESSIONS, {"account_id": account_id, "limit": limit})
        columns = sessions.shelf.columns(self._sealer, account_id)
        return [sessions.from_row(row, columns) for row in rows]

    async def touch(self, session: Session, now: datetime) -> None:
        """Remember that the session is in use."""
        values = {"same_account_id": session.account_id, "same_session_id": session.session_id, "now": ms(now)}
        await self._database.run(_TOUCH, values)
