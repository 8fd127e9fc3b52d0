"""The Reads ports: sessions, sign-ins, factors, devices and prompts, without locks."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, FromClause, Table, and_, bindparam, exists, literal, select, true, update

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge
from renumber.domain.factor import Factor
from renumber.domain.factor_list import FactorList
from renumber.domain.messages.message import Delivery, DeliveryState, Notice
from renumber.domain.passkey import Passkey, live
from renumber.domain.phone_change import PhoneChange
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.domain.session import OpenSession, Session
from renumber.domain.sign_in import SignIn
from renumber.domain.wait import Wait, WaitPurpose
from renumber.flows.ports.reads import StandingFacts
from renumber.store.database.open import Database, Row, Statement
from renumber.store.messages.settlements import MessageState
from renumber.store.reads import factor_list
from renumber.store.reads.standing import STANDING, standing_from
from renumber.store.records import (
    accounts,
    challenges,
    devices,
    passkeys,
    phone_changes,
    prompts,
    sessions,
    sign_ins,
    waits,
)
from renumber.store.records.mapper import Joined, Mapper, Sealer, labelled, moment, moment_or_none, ms
from renumber.store.schema import tables

T = TypeVar("T")

_account, _change, _session, _sign_in = tables.account, tables.phone_change, tables.session, tables.sign_in
_device, _prompt, _status, _outbox = tables.device, tables.prompt, tables.factor_status, tables.outbox
_challenge = tables.challenge


def _with_account(table: Table, key: str, *more: tuple[Table, ColumnElement[bool]]) -> Statement:
    """Read a row with its account and, where there are such, the open change and rows of more tables."""
    joined: FromClause = table.join(_account, _account.c.account_id == table.c.account_id)
    outer = ((_change, _change.c.is_open), *more)
    for other, condition in outer:
        joined = joined.outerjoin(other, and_(other.c.account_id == table.c.account_id, condition))
    columns = [column for part in (table, _account, *(other for other, _ in outer)) for column in labelled(part)]
    here = and_(table.c.account_id == bindparam("account_id"), table.c[key] == bindparam(key))
    return Statement(select(*columns).select_from(joined).where(here))


_ONE_SESSION = _with_account(_session, "session_id")
_ONE_SIGN_IN = _with_account(_sign_in, "sign_in_id", (_session, _session.c.session_id == _sign_in.c.session_id))
_ONE_CHANGE = Statement(
    select(*labelled(_change), *labelled(_account))
    .select_from(_change.join(_account, _account.c.account_id == bindparam("account_id")))
    .where(_change.c.account_id == bindparam("account_id"), _change.c.change_id == bindparam("change_id"))
)
_NEWEST_SESSIONS = Statement(
    select(_session)
    .where(_session.c.account_id == bindparam("account_id"))
    .order_by(_session.c.created_at.desc())
    .limit(bindparam("limit"))
)
_newest_message = (
    select(_outbox.c.state, _outbox.c.created_at, _outbox.c.settled_at)
    .where(_outbox.c.account_id == bindparam("account_id"), _outbox.c.notice == bindparam("notice"))
    .order_by(_outbox.c.created_at.desc())
    .limit(1)
)
_DELIVERY, _newest = Statement(_newest_message), _newest_message.subquery("newest")
_in_slot = and_(_challenge.c.account_id == bindparam("account_id"), _challenge.c.slot == bindparam("slot"))
_CODE = Statement(
    select(*labelled(_challenge), _newest).select_from(
        select(literal(1)).subquery("always").outerjoin(_challenge, _in_slot).outerjoin(_newest, true())
    )
)
_DELIVERIES = {MessageState.WAITING: DeliveryState.TRYING, MessageState.SENT: DeliveryState.SENT}
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
_LIVE_DEVICES = Statement(
    select(_device)
    .where(
        _device.c.account_id == bindparam("account_id"),
        _device.c.confirmed_at.is_not(None),
        _device.c.removed_at.is_(None),
    )
    .order_by(_device.c.made_at)
)
_LOST_SINCE = exists().where(
    _status.c.account_id == _prompt.c.account_id,
    _status.c.factor == Factor.PUSH.value,
    _status.c.lost_at >= bindparam("bound_at"),
)
_PENDING_PROMPTS = Statement(
    select(_prompt).where(
        _prompt.c.account_id == bindparam("account_id"),
        _prompt.c.state == PromptState.PENDING.value,
        _prompt.c.expires_at > bindparam("now"),
        ~_LOST_SINCE,
    )
)
_NEWEST_PROMPT = Statement(
    select(_prompt)
    .where(_prompt.c.account_id == bindparam("account_id"), _prompt.c.sign_in_id == bindparam("sign_in_id"))
    .order_by(_prompt.c.asked_at.desc(), (_prompt.c.state == PromptState.PENDING.value).desc())
    .limit(1)
)
_PROMPT_STATE = Statement(
    select(_prompt.c.state, _prompt.c.expires_at).where(
        _prompt.c.account_id == bindparam("account_id"), _prompt.c.prompt_id == bindparam("prompt_id")
    )
)


class PageReads:
    """Implements every Reads port on one database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def session(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        """Read a session with its account and the account's open change, in one query."""
        rows = await self._database.fetch(_ONE_SESSION, {"account_id": account_id, "session_id": session_id})
        if not rows:
            return None
        joined = Joined(rows[0], self._sealer)
        return joined.of(sessions.mapper), joined.of(accounts.mapper), joined.find(phone_changes.mapper)

    async def sign_in(
        self, account_id: str, sign_in_id: str
    ) -> tuple[SignIn, Account, PhoneChange | None, Session | None] | None:
        """Read a sign-in with its account, the open change and the session in which it began, in one query."""
        rows = await self._database.fetch(_ONE_SIGN_IN, {"account_id": account_id, "sign_in_id": sign_in_id})
        if not rows:
            return None
        joined = Joined(rows[0], self._sealer)
        change, session = joined.find(phone_changes.mapper), joined.find(sessions.mapper)
        return joined.of(sign_ins.mapper), joined.of(accounts.mapper), change, session

    async def sessions(self, account_id: str, limit: int) -> Sequence[Session]:
        """Read the newest sessions, ended ones included."""
        return await self._all(sessions.mapper, _NEWEST_SESSIONS, account_id, limit=limit)

    async def change(self, account_id: str, change_id: str) -> tuple[PhoneChange, Account] | None:
        """Read a change with its account, in one query."""
        rows = await self._database.fetch(_ONE_CHANGE, {"account_id": account_id, "change_id": change_id})
        joined = Joined(rows[0], self._sealer) if rows else None
        return (joined.of(phone_changes.mapper), joined.of(accounts.mapper)) if joined else None

    async def touch(self, session: Session, now: datetime) -> None:
        """Record that the session is in use."""
        values = {"same_account_id": session.account_id, "same_session_id": session.session_id, "now": ms(now)}
        await self._database.run(_TOUCH, values)

    async def code(self, account_id: str, slot: str, notice: Notice) -> tuple[Challenge | None, Delivery | None]:
        """Read the code in flight in a slot, and what became of the newest message of its kind, in one query."""
        values = {"account_id": account_id, "slot": slot, "notice": notice.value}
        row = (await self._database.fetch(_CODE, values))[0]
        challenge = Joined(row, self._sealer).find(challenges.mapper)
        return challenge, _delivery(row) if row["state"] else None

    async def delivery(self, account_id: str, notice: Notice) -> Delivery | None:
        """Read what became of the newest message of a kind, without unsealing it."""
        rows = await self._database.fetch(_DELIVERY, {"account_id": account_id, "notice": notice.value})
        return _delivery(rows[0]) if rows else None

    async def wait(self, account_id: str, purpose: WaitPurpose) -> Wait | None:
        """Read the wait for a purpose, also one that no longer stands."""
        return await self._first(waits.mapper, waits.mapper.load, account_id, purpose=purpose.value)

    async def factor_list(self, account_id: str) -> FactorList:
        """Read every second factor besides the number, in one query."""
        rows = await self._database.fetch(factor_list.FACTORS, {"account_id": account_id})
        return factor_list.factor_list_of(rows, self._sealer, account_id)

    async def profile(
        self, account_id: str, now: datetime, *, idle_since: datetime
    ) -> tuple[FactorList, Sequence[OpenSession]]:
        """Read the factors and the sessions that can still be used, newest first, in one query."""
        values = {"account_id": account_id, "now": ms(now), "idle_since": ms(idle_since)}
        rows = await self._database.fetch(factor_list.PROFILE, values)
        found = factor_list.factor_list_of(rows, self._sealer, account_id)
        return found, factor_list.open_sessions_of(rows, self._sealer, account_id)

    async def passkeys(self, account_id: str) -> Sequence[Passkey]:
        """Read the passkeys that are not removed, oldest first."""
        mapper = passkeys.mapper
        return live(await self._all(mapper, mapper.load_all, account_id))

    async def device(self, account_id: str, device_id: str) -> Device | None:
        """Read one device, also if it waits or was removed."""
        mapper = devices.mapper
        return await self._first(mapper, mapper.load, account_id, device_id=device_id)

    async def devices(self, account_id: str) -> Sequence[Device]:
        """Read the devices that can answer, oldest first."""
        return await self._all(devices.mapper, _LIVE_DEVICES, account_id)

    async def pending_prompts(self, account_id: str, bound_at: datetime, now: datetime) -> Sequence[Prompt]:
        """Read the prompts for a device bound then: none, if it was there when one of the account's was lost."""
        return await self._all(prompts.mapper, _PENDING_PROMPTS, account_id, bound_at=ms(bound_at), now=ms(now))

    async def prompt_of(self, account_id: str, sign_in_id: str) -> Prompt | None:
        """Read the newest prompt of a sign-in."""
        return await self._first(prompts.mapper, _NEWEST_PROMPT, account_id, sign_in_id=sign_in_id)

    async def is_pending(self, account_id: str, prompt_id: str, now: datetime) -> bool:
        """Say whether a prompt still waits for its answer, from one row and without unsealing anything."""
        rows = await self._database.fetch(_PROMPT_STATE, {"account_id": account_id, "prompt_id": prompt_id})
        return bool(rows) and rows[0]["state"] == PromptState.PENDING.value and rows[0]["expires_at"] > ms(now)

    async def standing(self, account_id: str) -> StandingFacts | None:
        """Read what the standing of somebody's account rests on, in one query and without unsealing anything."""
        rows = await self._database.fetch(STANDING, {"account_id": account_id})
        return standing_from(rows[0]) if rows else None

    async def _all(self, mapper: Mapper[T], statement: Statement, account_id: str, **values: object) -> list[T]:
        rows = await self._database.fetch(statement, {"account_id": account_id, **values})
        return [mapper.read(row, self._sealer) for row in rows]

    async def _first(self, mapper: Mapper[T], statement: Statement, account_id: str, **values: object) -> T | None:
        found = await self._all(mapper, statement, account_id, **values)
        return found[0] if found else None


def _delivery(row: Row) -> Delivery:
    state = _DELIVERIES.get(MessageState(row["state"]), DeliveryState.GIVEN_UP)
    return Delivery(state, moment(row["created_at"]), moment_or_none(row["settled_at"]))
