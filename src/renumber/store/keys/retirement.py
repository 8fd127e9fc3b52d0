"""Finding the rows that still need the previous key, and the time until which they do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, literal, select

from renumber.domain.oidc.grant import GrantState
from renumber.domain.sign_in import SignInState
from renumber.policies.oidc.lifetimes import REFRESH_FOR
from renumber.store.counters import MEMORY
from renumber.store.database.open import Database, Statement
from renumber.store.messages.settlements import MessageState
from renumber.store.records.mapper import moment_or_none, ms
from renumber.store.schema import tables

_session, _sign_in, _link, _challenge = tables.session, tables.sign_in, tables.link, tables.challenge
_change, _message, _wait, _counter = tables.phone_change, tables.outbox, tables.wait, tables.counter
_grant, _token = tables.oidc.oauth_grant, tables.oidc.access_token
_now: ColumnElement[int] = bindparam("now")
_started: ColumnElement[int] = bindparam("started_at")
_current: ColumnElement[str] = bindparam("current_id")


def _counting(table: Table, until: ColumnElement[int], *needs: ColumnElement[bool]) -> Statement:
    return Statement(
        select(func.count().label("rows"), func.max(until).label("until")).select_from(table).where(and_(*needs))
    )


# Rows without a key's id are told apart by when they were made: before the rotation had reached every process.
_NEEDS = {
    "count(s) of tries and messages": _counting(
        _counter,
        _counter.c.expires_at,
        _counter.c.times != literal("[]"),
        _counter.c.expires_at - MEMORY // timedelta(milliseconds=1) < _started,
        _counter.c.expires_at > _now,
    ),
    "session(s)": _counting(
        _session,
        _session.c.expires_at,
        _session.c.created_at < _started,
        _session.c.ended_at.is_(None),
        _session.c.expires_at > _now,
    ),
    "sign-in(s) under way": _counting(
        _sign_in,
        _sign_in.c.expires_at,
        _sign_in.c.started_at < _started,
        _sign_in.c.state != SignInState.COMPLETE.value,
        _sign_in.c.state != SignInState.ENDED.value,
        _sign_in.c.expires_at > _now,
    ),
    "link(s)": _counting(
        _link, _link.c.expires_at, _link.c.key_id != _current, _link.c.used_at.is_(None), _link.c.expires_at > _now
    ),
    "code(s)": _counting(
        _challenge, _challenge.c.expires_at, _challenge.c.key_id != _current, _challenge.c.expires_at > _now
    ),
    "message(s) to be sent": _counting(
        _message,
        _message.c.expires_at,
        _message.c.state == MessageState.WAITING.value,
        _message.c.created_at < _started,
    ),
    "number(s) reset in a browser that is remembered": _counting(
        _change,
        _change.c.reset_at + bindparam("reset_for"),
        _change.c.is_open,
        _change.c.reset_at < _started,
        _change.c.reset_at > _now - bindparam("reset_for"),
    ),
    "change(s) asked for in a browser that is remembered": _counting(
        _change,
        _change.c.link_expires_at,
        _change.c.is_open,
        _change.c.asked_key.is_not(None),
        _change.c.requested_at < _started,
        _change.c.link_expires_at > _now,
    ),
    "wait(s) in a browser that is remembered": _counting(
        _wait, _wait.c.usable_until, _wait.c.started_at < _started, _wait.c.usable_until > _now
    ),
    "grant(s) of applications": _counting(
        _grant,
        _grant.c.expires_at,
        _grant.c.is_offline,
        _grant.c.state != GrantState.ENDED.value,
        _grant.c.expires_at - REFRESH_FOR // timedelta(milliseconds=1) < _started,
        _grant.c.expires_at > _now,
    ),
    "access token(s)": _counting(
        _token,
        _token.c.expires_at,
        _token.c.issued_at < _started,
        _token.c.ended_at.is_(None),
        _token.c.expires_at > _now,
    ),
}


@dataclass(frozen=True, slots=True)
class Need:
    """The number of rows of a kind that need the previous key, until a time that is None where it can't be known."""

    what: str
    count: int
    until: datetime | None


async def needs(
    database: Database, current: str, *, started_at: int, now: datetime, reset_for: timedelta
) -> Sequence[Need]:
    """Count the rows that would stop working without the previous key."""
    values = {
        "current_id": current,
        "started_at": started_at,
        "now": ms(now),
        "reset_for": reset_for // timedelta(milliseconds=1),
    }
    found = [(what, (await database.fetch(statement, values))[0]) for what, statement in _NEEDS.items()]
    return [Need(what, row["rows"], moment_or_none(row["until"])) for what, row in found if row["rows"]]
