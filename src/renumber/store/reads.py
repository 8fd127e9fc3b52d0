"""The Reads port: what pages show, in one query where it can be."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, exists, select, update

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodePurpose
from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorList
from renumber.domain.passkey import Passkey, live
from renumber.domain.phone_change import PhoneChange
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.domain.session import OpenSession, Session
from renumber.domain.sign_in import SignIn
from renumber.store import factor_list
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records import accounts, challenges, devices, passkeys, phone_changes, prompts, sessions, sign_ins
from renumber.store.records.mapper import Mapper, Prefixed, Sealer, labelled, ms
from renumber.store.schema import tables

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


_device, _prompt, _status = tables.device, tables.prompt, tables.factor_status


_LIVE = Statement(
    select(_device)
    .where(_device.c.account_id == bindparam("account_id"), _device.c.removed_at.is_(None))
    .order_by(_device.c.made_at)
)


_LOST_SINCE = exists().where(
    _status.c.account_id == _prompt.c.account_id,
    _status.c.factor == Factor.PUSH.value,
    _status.c.lost_at >= bindparam("bound_at"),
)


_PENDING = Statement(
    select(_prompt).where(
        _prompt.c.account_id == bindparam("account_id"),
        _prompt.c.state == PromptState.PENDING.value,
        _prompt.c.expires_at > bindparam("now"),
        ~_LOST_SINCE,
    )
)


_OF_SIGN_IN = Statement(
    select(_prompt)
    .where(_prompt.c.account_id == bindparam("account_id"), _prompt.c.sign_in_id == bindparam("sign_in_id"))
    .order_by(_prompt.c.asked_at.desc(), (_prompt.c.state == PromptState.PENDING.value).desc())
    .limit(1)
)


_STATE = Statement(
    select(_prompt.c.state, _prompt.c.expires_at).where(
        _prompt.c.account_id == bindparam("account_id"), _prompt.c.prompt_id == bindparam("prompt_id")
    )
)


class PushPageReads:
    """What devices and pages are shown."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def device(self, account_id: str, device_id: str) -> Device | None:
        """One device, removed ones included."""
        mapper = devices.mapper
        rows = await self._database.fetch(mapper.load, {"account_id": account_id, "device_id": device_id})
        return mapper.from_row(rows[0], mapper.columns(self._sealer, account_id)) if rows else None

    async def devices(self, account_id: str) -> Sequence[Device]:
        """The devices that can answer, oldest first."""
        columns = devices.mapper.columns(self._sealer, account_id)
        return [devices.from_row(row, columns) for row in await self._database.fetch(_LIVE, {"account_id": account_id})]

    async def pending_prompts(self, account_id: str, bound_at: datetime, now: datetime) -> Sequence[Prompt]:
        """What a device bound then is asked now; nothing, if it was there when one of the account's was lost."""
        columns = prompts.mapper.columns(self._sealer, account_id)
        values = {"account_id": account_id, "bound_at": ms(bound_at), "now": ms(now)}
        rows = await self._database.fetch(_PENDING, values)
        return [prompts.from_row(row, columns) for row in rows]

    async def prompt_of(self, account_id: str, sign_in_id: str) -> Prompt | None:
        """The newest prompt of a sign-in."""
        rows = await self._database.fetch(_OF_SIGN_IN, {"account_id": account_id, "sign_in_id": sign_in_id})
        return prompts.from_row(rows[0], prompts.mapper.columns(self._sealer, account_id)) if rows else None

    async def is_pending(self, account_id: str, prompt_id: str, now: datetime) -> bool:
        """Whether a prompt still waits for its answer: one row by its key, and nothing to unseal."""
        rows = await self._database.fetch(_STATE, {"account_id": account_id, "prompt_id": prompt_id})
        return bool(rows) and rows[0]["state"] == PromptState.PENDING.value and rows[0]["expires_at"] > ms(now)


class PageReads(PushPageReads):
    """Reads without locks."""

    async def visit(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        """A session with its account and the account's open change, in one query."""
        rows = await self._database.fetch(_VISIT, {"account_id": account_id, "session_id": session_id})
        return (self._part(rows[0], sessions.mapper), *self._rest(rows[0])) if rows else None

    async def in_progress(self, account_id: str, sign_in_id: str) -> tuple[SignIn, Account, PhoneChange | None] | None:
        """A sign-in with its account and the account's open change, in one query."""
        rows = await self._database.fetch(_UNDERWAY, {"account_id": account_id, "sign_in_id": sign_in_id})
        return (self._part(rows[0], sign_ins.mapper), *self._rest(rows[0])) if rows else None

    def _rest(self, row: Row) -> tuple[Account, PhoneChange | None]:
        change = self._part(row, phone_changes.mapper) if row["phone_change_change_id"] else None
        return self._part(row, accounts.mapper), change

    def _part(self, row: Row, mapper: Mapper[Any]) -> Any:
        columns = mapper.columns(self._sealer, row["account_account_id"])
        return mapper.from_row(Prefixed(row, mapper.table), columns)

    async def challenge(self, account_id: str, purpose: CodePurpose) -> Challenge | None:
        """The code in flight for a purpose."""
        mapper = challenges.mapper
        rows = await self._database.fetch(mapper.load, {"account_id": account_id, "purpose": purpose.value})
        return mapper.from_row(rows[0], mapper.columns(self._sealer, account_id)) if rows else None

    async def passkeys(self, account_id: str) -> Sequence[Passkey]:
        """The account's passkeys, removed ones left out, oldest first."""
        mapper = passkeys.mapper
        rows = await self._database.fetch(mapper.load_all, {"account_id": account_id})
        columns = mapper.columns(self._sealer, account_id)
        return live([passkeys.from_row(row, columns) for row in rows])

    async def factor_list(self, account_id: str) -> FactorList:
        """What the account's owner can prove themselves with besides the number, in one query."""
        rows = await self._database.fetch(factor_list.FACTORS, {"account_id": account_id})
        return factor_list.factor_list_of(rows, self._sealer, account_id)

    async def profile(
        self, account_id: str, now: datetime, *, idle_since: datetime
    ) -> tuple[FactorList, Sequence[OpenSession]]:
        """The same and the sessions that can still be used, newest first, in one query."""
        values = {"account_id": account_id, "now": ms(now), "idle_since": ms(idle_since)}
        rows, sealer = await self._database.fetch(factor_list.PROFILE, values), self._sealer
        return factor_list.factor_list_of(rows, sealer, account_id), factor_list.open_sessions_of(
            rows, sealer, account_id
        )

    async def sessions(self, account_id: str, limit: int) -> Sequence[Session]:
        """The newest sessions, ended ones included."""
        rows = await self._database.fetch(_SESSIONS, {"account_id": account_id, "limit": limit})
        columns = sessions.mapper.columns(self._sealer, account_id)
        return [sessions.from_row(row, columns) for row in rows]

    async def touch(self, session: Session, now: datetime) -> None:
        """Remember that the session is in use."""
        values = {"same_account_id": session.account_id, "same_session_id": session.session_id, "now": ms(now)}
        await self._database.run(_TOUCH, values)
