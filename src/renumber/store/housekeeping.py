"""Purging what has ended and finding what is due, by one process at a time."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, select, tuple_

from renumber.domain.account import AccountState
from renumber.domain.phone_change import ChangeState
from renumber.policies.retention import Retention
from renumber.store.database.open import Database, Statement
from renumber.store.leases import Lease
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

HELD_FOR = timedelta(minutes=4)
AT_ONCE = 500  # rows in one transaction, for which others wait

_change, _account, _counter, _request, _case = (
    tables.phone_change, tables.account, tables.counter, tables.oidc.authorization_request,
    tables.support.recovery_case,
)  # fmt: skip
_EXPIRED = Statement(
    select(_change.c.account_id, _change.c.change_id)
    .where(
        _change.c.is_open, _change.c.state == ChangeState.REQUESTED.value, _change.c.link_expires_at <= bindparam("now")
    )
    .limit(AT_ONCE)
)
_FORMER = Statement(
    select(_account.c.account_id)
    .where(
        _account.c.former_until <= bindparam("before"),
        _account.c.state == AccountState.ACTIVE.value,
        _account.c.number.is_not(None),
    )
    .limit(AT_ONCE)
)
_DUE = Statement(
    select(_case.c.account_id, _case.c.case_id)
    .where(_case.c.is_open, _case.c.due_at <= bindparam("now"))
    .limit(AT_ONCE)
)


def _purge(table: Table, key: str, over: ColumnElement[bool]) -> Statement:
    """Delete some rows that are over; one that is locked, or that somebody has renewed meanwhile, stays."""
    keys = (table.c.account_id, table.c[key])
    some: Select[tuple[str, str]] = select(*keys).where(over).limit(AT_ONCE).with_for_update(skip_locked=True)
    return _deleting(table, keys, some, over=over)


def _purge_beside_the_account(table: Table, key: str, over: ColumnElement[bool]) -> Statement:
    """Delete such rows only while the account is not locked: a unit of work may have loaded one to renew it."""
    keys = (table.c.account_id, table.c[key])
    joined = table.join(_account, _account.c.account_id == table.c.account_id)
    some = select(*keys).select_from(joined).where(over).limit(AT_ONCE)
    return _deleting(table, keys, some.with_for_update(of=_account, skip_locked=True), over=over)


def _deleting(
    table: Table, keys: tuple[ColumnElement[str], ...], some: Select[tuple[str, str]], *, over: ColumnElement[bool]
) -> Statement:
    chosen = some.cte("chosen")
    deleting = delete(table).where(tuple_(*keys).in_(select(*chosen.c)), over)
    return Statement(deleting.returning(table.c.account_id))


_BEFORE: ColumnElement[int] = bindparam("before")
_PURGES = {
    "sessions": _purge(tables.session, "session_id", tables.session.c.expires_at < _BEFORE),
    "sign_ins": _purge(tables.sign_in, "sign_in_id", tables.sign_in.c.expires_at < _BEFORE),
    "challenges": _purge_beside_the_account(tables.challenge, "slot", tables.challenge.c.expires_at < _BEFORE),
    "links": _purge(tables.link, "link_id", tables.link.c.expires_at < _BEFORE),
    "phone_changes": _purge(_change, "change_id", _change.c.closed_at < _BEFORE),
    "recovery_cases": _purge(_case, "case_id", _case.c.closed_at < _BEFORE),
    "waits": _purge_beside_the_account(tables.wait, "purpose", tables.wait.c.usable_until < _BEFORE),
    "prompts": _purge(tables.prompt, "prompt_id", tables.prompt.c.expires_at < _BEFORE),
    "devices": _purge(tables.device, "device_id", tables.device.c.removed_at < _BEFORE),
    "waiting_devices": _purge_beside_the_account(tables.device, "device_id", tables.device.c.expires_at < _BEFORE),
    "passkeys": _purge(tables.passkey, "passkey_id", tables.passkey.c.removed_at < _BEFORE),
    "totp_keys": _purge_beside_the_account(tables.totp_key, "slot", tables.totp_key.c.removed_at < _BEFORE),
    "text_budgets": _purge_beside_the_account(tables.text_budget, "number_key", tables.text_budget.c.ends_at < _BEFORE),
    "kept_answers": _purge(tables.kept_answer, "request_id", tables.kept_answer.c.expires_at < _BEFORE),
    "authorization_requests": _purge(_request, "request_id", _request.c.expires_at < _BEFORE),
    "access_tokens": _purge(tables.oidc.access_token, "token_id", tables.oidc.access_token.c.expires_at < _BEFORE),
    "grants": _purge_beside_the_account(
        tables.oidc.oauth_grant, "grant_id", tables.oidc.oauth_grant.c.expires_at < _BEFORE
    ),
    "events": _purge(tables.events.event, "event_id", tables.events.event.c.at < _BEFORE),
    "webhook_deliveries": _purge(
        tables.events.webhook_delivery, "delivery_id", tables.events.webhook_delivery.c.created_at < _BEFORE
    ),
    "backchannel_logouts": _purge(
        tables.oidc.backchannel_logout, "session_id", tables.oidc.backchannel_logout.c.due_at < _BEFORE
    ),
    "security_events": _purge(
        tables.streams.security_event, "set_id", tables.streams.security_event.c.created_at < _BEFORE
    ),
    "messages": _purge(tables.outbox, "message_id", tables.outbox.c.settled_at < _BEFORE),
}
_is_over = _counter.c.expires_at < _BEFORE
_some = select(_counter.c.counter_key).where(_is_over).limit(AT_ONCE).with_for_update(skip_locked=True).cte("chosen")
_PURGE_COUNTERS = Statement(
    delete(_counter)
    .where(_counter.c.counter_key.in_(select(_some.c.counter_key)), _is_over)
    .returning(_counter.c.counter_key)
)


class Housekeeping:
    """The Chores port."""

    def __init__(self, database: Database, retention: Retention) -> None:
        self._database = database
        self._retention = retention
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

    async def purge(self, now: datetime) -> int:
        """Delete some of what ended long enough ago, and say how many rows that were."""
        purged = 0
        for kind, statement in _PURGES.items():
            values = {"before": ms(now - getattr(self._retention, kind))}
            purged += len(await self._database.run(statement, values))
        return purged + len(await self._database.run(_PURGE_COUNTERS, {"before": ms(now)}))
