"""Purging what has ended and finding what is due, by one process at a time."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, bindparam, delete, func, select, tuple_

from renumber.domain.account import AccountState
from renumber.domain.phone_change import ChangeState
from renumber.policies.retention import PURGED_A_SECOND, PURGED_WITHIN, Retention
from renumber.store.database.open import Database, Statement
from renumber.store.leases import Lease
from renumber.store.records.mapper import moment_or_none, ms
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
_WAITING = Statement(
    select(_change.c.account_id, _change.c.change_id)
    .where(_change.c.company_due_at <= bindparam("now"))
    .order_by(_change.c.company_due_at)
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
Keys = tuple[Column[Any], ...]


def _purge(keys: Keys, ended: Column[int]) -> Statement:
    """Delete some rows that are over; one that is locked, or that somebody has renewed meanwhile, stays."""
    some = select(*keys).where(ended < _BEFORE).order_by(ended).limit(PURGED_AT_ONCE)
    return _deleting(keys, some.with_for_update(skip_locked=True), ended)


def _purge_beside_the_account(keys: Keys, ended: Column[int]) -> Statement:
    """Delete such rows only while the account is not locked: a unit of work may have loaded one to renew it."""
    joined = ended.table.join(_account, _account.c.account_id == ended.table.c.account_id)
    some = select(*keys).select_from(joined).where(ended < _BEFORE).order_by(ended).limit(PURGED_AT_ONCE)
    return _deleting(keys, some.with_for_update(of=_account, skip_locked=True), ended)


def _deleting(keys: Keys, some: Select[Any], ended: Column[int]) -> Statement:
    chosen, table = some.cte("chosen"), ended.table
    assert isinstance(table, Table), "rows are deleted from tables"
    place = tuple_(*keys) if len(keys) > 1 else keys[0]
    # The sum keeps this out of the index: what is chosen is found by its key, however many others are over.
    deleting = delete(table).where(place.in_(select(*chosen.c)), ended + 0 < _BEFORE)
    return Statement(deleting.returning(keys[0]))


# By kind, as the retention names it: when each has ended, by which it is found along an index.
ENDED: dict[str, Column[int]] = {
    "sessions": tables.session.c.expires_at,
    "sign_ins": tables.sign_in.c.expires_at,
    "challenges": tables.challenge.c.expires_at,
    "links": tables.link.c.expires_at,
    "phone_changes": _change.c.closed_at,
    "recovery_cases": _case.c.closed_at,
    "caller_checks": tables.support.caller_check.c.expires_at,
    "waits": tables.wait.c.usable_until,
    "prompts": tables.prompt.c.expires_at,
    "devices": tables.device.c.removed_at,
    "waiting_devices": tables.device.c.expires_at,
    "passkeys": tables.passkey.c.removed_at,
    "totp_keys": tables.totp_key.c.removed_at,
    "text_budgets": tables.text_budget.c.ends_at,
    "kept_answers": tables.kept_answer.c.expires_at,
    "authorization_requests": _request.c.expires_at,
    "access_tokens": tables.oidc.access_token.c.expires_at,
    "grants": tables.oidc.oauth_grant.c.expires_at,
    "events": tables.events.event.c.at,
    "webhook_deliveries": tables.events.webhook_delivery.c.created_at,
    "backchannel_logouts": tables.oidc.backchannel_logout.c.due_at,
    "security_events": tables.streams.security_event.c.created_at,
    "messages": tables.outbox.c.settled_at,
    "counters": _counter.c.expires_at,
}
# What a unit of work may have loaded to renew it.
_RENEWED = {"challenges", "caller_checks", "waits", "waiting_devices", "totp_keys", "text_budgets", "grants"}


def _purge_of(kind: str, ended: Column[int]) -> Statement:
    keys = tuple(ended.table.primary_key)[:2]
    return (_purge_beside_the_account if kind in _RENEWED else _purge)(keys, ended)


PURGES = {kind: _purge_of(kind, ended) for kind, ended in ENDED.items()}
_OLDEST = {kind: Statement(select(func.min(ended).label("at"))) for kind, ended in ENDED.items()}


async def overdue(database: Database, retention: Retention, now: datetime) -> Mapping[str, timedelta]:
    """Say for how long each kind should have been purged already, where that is longer than a backlog may last."""
    late: dict[str, timedelta] = {}
    for kind, statement in _OLDEST.items():
        oldest = moment_or_none((await database.fetch(statement))[0]["at"])
        past = now - getattr(retention, kind) - oldest if oldest else timedelta(0)
        if past > PURGED_WITHIN:
            late[kind] = past
    return late


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

    async def due_changes(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Find some requests whose link has expired, or that wait for a company, as account and change."""
        found = [await self._database.fetch(statement, {"now": ms(now)}) for statement in (_EXPIRED, _WAITING)]
        return [(row["account_id"], row["change_id"]) for rows in found for row in rows]

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
