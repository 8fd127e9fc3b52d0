"""What has ended is purged, and what is due is found; one process at a time does it."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, bindparam, delete, select

from renumber.domain.account import State as AccountState
from renumber.domain.phone_change import State as ChangeState
from renumber.policies.retention import Retention
from renumber.store import tables
from renumber.store.engine import Database, Statement
from renumber.store.leases import Lease
from renumber.store.shelf import ms
from renumber.store.unit_of_work import together

HELD_FOR = timedelta(minutes=4)
AT_ONCE = 200

_change, _account = tables.phone_change, tables.account
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
        _account.c.former_until <= bindparam("now"),
        _account.c.state == AccountState.ACTIVE.value,
        _account.c.number.is_not(None),
    )
    .limit(AT_ONCE)
)


def _purge(table: Table, *ended: ColumnElement[bool]) -> Statement:
    return Statement(delete(table).where(*ended))


_BEFORE: ColumnElement[int] = bindparam("before")
_PURGES = {
    "sessions": _purge(tables.session, tables.session.c.expires_at < _BEFORE),
    "sign_ins": _purge(tables.sign_in, tables.sign_in.c.expires_at < _BEFORE),
    "challenges": _purge(tables.challenge, tables.challenge.c.expires_at < _BEFORE),
    "links": _purge(tables.link, tables.link.c.expires_at < _BEFORE),
    "phone_changes": _purge(_change, _change.c.closed_at < _BEFORE),
    "letters": _purge(tables.outbox, tables.outbox.c.settled_at < _BEFORE),
}
_COUNTERS = _purge(tables.counter, tables.counter.c.expires_at < _BEFORE)


class Housekeeping:
    """The Chores port."""

    def __init__(self, database: Database, retention: Retention) -> None:
        self._database = database
        self._retention = retention
        self._lease = Lease(database, "housekeeping", secrets.token_hex(8))

    async def take_turn(self, now: datetime) -> bool:
        """Whether this process may do it now."""
        return await self._lease.take(now, now + HELD_FOR)

    async def expired_changes(self, now: datetime) -> Sequence[tuple[str, str]]:
        """Requests whose link ran out: account and change."""
        rows = await self._database.fetch(_EXPIRED, {"now": ms(now)})
        return [(row["account_id"], row["change_id"]) for row in rows]

    async def outlived_numbers(self, now: datetime) -> Sequence[str]:
        """Accounts whose number before the change can no longer undo it."""
        return [row["account_id"] for row in await self._database.fetch(_FORMER, {"now": ms(now)})]

    async def purge(self, now: datetime) -> None:
        """Delete what ended long enough ago."""
        for name, statement in _PURGES.items():
            before = ms(now - getattr(self._retention, name))
            async with together(self._database) as tx:
                await tx.execute(statement, {"before": before})
        async with together(self._database) as tx:
            await tx.execute(_COUNTERS, {"before": ms(now)})
