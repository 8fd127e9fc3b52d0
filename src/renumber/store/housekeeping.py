"""Purging what has ended and finding what is due, by one process at a time."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, bindparam, delete, select, tuple_

from renumber.domain.account import AccountState
from renumber.domain.phone_change import ChangeState
from renumber.policies.retention import PURGED_A_SECOND, Retention
from renumber.store.database.open import Database, Statement
from renumber.store.leases import Lease
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

HELD_FOR = timedelta(minutes=4)
AT_ONCE = 500  # accounts that a round finds
PURGED_AT_ONCE = 200  # rows in one transaction, for which others wait

Rest = Callable[[float], Awaitable[object]]

_change, _account, _counter, _request, _case = (
    tables.phone_change, tables.account, tables.counter, tables.oidc.authorization_request,
    tables.support.recovery_case,
)  # fmt: skip
_EXPIRED = Statement(
    select(_change.c.account_id, _change.c.change_id)
    .where(
        _change.c.is_open, _change.c.state == ChangeState.REQUESTED.value, _change.c.link_expires_at <= bindparam("now")
    )
    .order_by(_change.c.link_expires_at)
    .limit(AT_ONCE)
)
_FORMER = Statement(
    select(_account.c.account_id)
    .where(
        _account.c.former_until <= bindparam("before"),
        _account.c.state == AccountState.ACTIVE.value,
        _account.c.number.is_not(None),
    )
    .order_by(_account.c.former_until)
    .limit(AT_ONCE)
)
_DUE = Statement(
    select(_case.c.account_id, _case.c.case_id)
    .where(_case.c.is_open, _case.c.due_at <= bindparam("now"))
    .order_by(_case.c.due_at)
    .limit(AT_ONCE)
)
_BEFORE: ColumnElement[int] = bindparam("before")


def _purge(key: str, ended: Column[int]) -> Statement:
    """Delete some rows that are over; one that is locked, or that somebody has renewed meanwhile, stays."""
    table = ended.table
    keys = (table.c.account_id, table.c[key])
    some = select(*keys).where(ended < _BEFORE).order_by(ended).limit(PURGED_AT_ONCE)
    return _deleting(keys, some.with_for_update(skip_locked=True), ended)


def _purge_beside_the_account(key: str, ended: Column[int]) -> Statement:
    """Delete such rows only while the account is not locked: a unit of work may have loaded one to renew it."""
    table = ended.table
    keys = (table.c.account_id, table.c[key])
    joined = table.join(_account, _account.c.account_id == table.c.account_id)
    some = select(*keys).select_from(joined).where(ended < _BEFORE).order_by(ended).limit(PURGED_AT_ONCE)
    return _deleting(keys, some.with_for_update(of=_account, skip_locked=True), ended)


def _deleting(keys: tuple[Column[Any], ...], some: Select[Any], ended: Column[int]) -> Statement:
    chosen, table = some.cte("chosen"), ended.table
    assert isinstance(table, Table), "rows are deleted from tables"
    place = tuple_(*keys) if len(keys) > 1 else keys[0]
    deleting = delete(table).where(place.in_(select(*chosen.c)), ended < _BEFORE)
    return Statement(deleting.returning(keys[0]))


def _purge_counters() -> Statement:
    key, ended = _counter.c.counter_key, _counter.c.expires_at
    some = select(key).where(ended < _BEFORE).order_by(ended).limit(PURGED_AT_ONCE)
    return _deleting((key,), some.with_for_update(skip_locked=True), ended)


# By kind: the names are those of the retention. Each looks along an index of what it is ordered by.
PURGES = {
    "sessions": _purge("session_id", tables.session.c.expires_at),
    "sign_ins": _purge("sign_in_id", tables.sign_in.c.expires_at),
    "challenges": _purge_beside_the_account("slot", tables.challenge.c.expires_at),
    "links": _purge("link_id", tables.link.c.expires_at),
    "phone_changes": _purge("change_id", _change.c.closed_at),
    "recovery_cases": _purge("case_id", _case.c.closed_at),
    "waits": _purge_beside_the_account("purpose", tables.wait.c.usable_until),
    "prompts": _purge("prompt_id", tables.prompt.c.expires_at),
    "devices": _purge("device_id", tables.device.c.removed_at),
    "waiting_devices": _purge_beside_the_account("device_id", tables.device.c.expires_at),
    "passkeys": _purge("passkey_id", tables.passkey.c.removed_at),
    "totp_keys": _purge_beside_the_account("slot", tables.totp_key.c.removed_at),
    "text_budgets": _purge_beside_the_account("number_key", tables.text_budget.c.ends_at),
    "kept_answers": _purge("request_id", tables.kept_answer.c.expires_at),
    "authorization_requests": _purge("request_id", _request.c.expires_at),
    "access_tokens": _purge("token_id", tables.oidc.access_token.c.expires_at),
    "grants": _purge_beside_the_account("grant_id", tables.oidc.oauth_grant.c.expires_at),
    "events": _purge("event_id", tables.events.event.c.at),
    "webhook_deliveries": _purge("delivery_id", tables.events.webhook_delivery.c.created_at),
    "backchannel_logouts": _purge("session_id", tables.oidc.backchannel_logout.c.due_at),
    "security_events": _purge("set_id", tables.streams.security_event.c.created_at),
    "messages": _purge("message_id", tables.outbox.c.settled_at),
    "counters": _purge_counters(),
}


class Housekeeping:
    """The Chores port."""

    def __init__(self, database: Database, retention: Retention, *, rest: Rest = asyncio.sleep) -> None:
        """`rest` waits for so many seconds after each full page."""
        self._database = database
        self._retention = retention
        self._rest = rest
        self._lease = Lease(database, "housekeeping", secrets.token_hex(8))

    async def take_turn(self, now: datetime) -> bool:
        """Take or keep the lease; False while another process has it."""
        return await self._lease.take(now, now + HELD_FOR)

    async def expired_changes(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Find some requests whose link has expired, as account and change."""
        rows = await self._database.fetch(_EXPIRED, {"now": ms(now)})
        return [(row["account_id"], row["change_id"]) for row in rows]

    async def due_cases(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Find some recovery cases for which something is due, as account and case."""
        rows = await self._database.fetch(_DUE, {"now": ms(now)})
        return [(row["account_id"], row["case_id"]) for row in rows]

    async def outlived_numbers(self, now: datetime) -> Sequence[str]:
        """Find some accounts whose former number can no longer undo the change."""
        over = {"before": ms(now - self._retention.former_numbers)}
        return [row["account_id"] for row in await self._database.fetch(_FORMER, over)]

    @property
    def kinds(self) -> Sequence[str]:
        """Name all that is kept for a time."""
        return tuple(PURGES)

    async def purge(self, kind: str, now: datetime) -> bool:
        """Delete some of a kind that ended long enough ago; True if there may be more, and that at a bounded pace."""
        began = time.monotonic()
        values = {"before": ms(now - getattr(self._retention, kind))}
        is_full = len(await self._database.run(PURGES[kind], values)) == PURGED_AT_ONCE
        if is_full:
            await self._rest(max(0.0, PURGED_AT_ONCE / PURGED_A_SECOND - (time.monotonic() - began)))
        return is_full
