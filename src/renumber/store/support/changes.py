"""Reading what has changed for all pages that are open in this process: one query, one more for those of companies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, cast, func, literal_column, null, select, union_all

from renumber.flows.support.live import MOST_AT_ONCE, LiveList, Mark, Marks, Onlooker
from renumber.store.database.open import Database, Row, Statement
from renumber.store.organisations.company_marks import company_marks
from renumber.store.records.mapper import moment, ms
from renumber.store.schema import tables

ACCOUNT, SESSION = "account", "session"
TIMES, COUNTS = ("time_1", "time_2", "time_3"), ("count_1", "count_2")
_account, _audit, _outbox = tables.account, tables.audit, tables.outbox
_case, _session = tables.support.recovery_case, tables.session
_member = tables.support.staff_member
_NO_NUMBER = cast(null(), BigInteger)


def _places(name: str) -> list[Any]:
    """As many places as one query has for ids; a list would be planned anew for each length."""
    return [bindparam(f"{name}_{place}") for place in range(MOST_AT_ONCE)]


def _filled(name: str, ids: Sequence[str]) -> dict[str, object]:
    return {f"{name}_{place}": ids[place] if place < len(ids) else "" for place in range(MOST_AT_ONCE)}


def _part(kind: str, key: Any, **numbers: Any) -> Select[Any]:
    """A kind, the key of one of it, the times of its last changes, and counts that tell those of one moment apart."""
    named = (numbers.get(name, _NO_NUMBER).label(name) for name in (*TIMES, *COUNTS))
    return select(literal_column(f"'{kind}'").label("kind"), key.label("key"), *named)


def _sum(column: Any) -> Any:
    return cast(func.sum(column), BigInteger)


_messages = (
    select(
        _outbox.c.account_id,
        func.max(_outbox.c.created_at).label("written_at"),
        func.max(_outbox.c.settled_at).label("settled_at"),
        _sum(_outbox.c.attempts).label("attempts"),
    )
    .where(_outbox.c.account_id.in_(_places("account")))
    .group_by(_outbox.c.account_id)
    .subquery("messages")
)
_last = and_(_audit.c.account_id == _account.c.account_id, _audit.c.seq == _account.c.audit_seq)
_accounts = (
    _part(
        ACCOUNT,
        _account.c.account_id,
        time_1=_audit.c.at,
        time_2=_messages.c.written_at,
        time_3=_messages.c.settled_at,
        count_1=_account.c.audit_seq,
        count_2=_messages.c.attempts,
    )
    .select_from(
        _account.outerjoin(_audit, _last).outerjoin(_messages, _messages.c.account_id == _account.c.account_id)
    )
    .where(_account.c.account_id.in_(_places("account")))
)
_queues = _part(
    LiveList.QUEUES,
    literal_column("''"),
    time_1=func.max(_case.c.opened_at),
    time_2=func.max(_case.c.submitted_at),
    time_3=func.max(_case.c.decided_at),
    count_1=_sum(_case.c.version),
    count_2=_sum(_case.c.opened_at),
).where(_case.c.is_open)
# The row of a role that was taken away no longer says when: the last that its person's history tells is no earlier.
_left = (
    select(func.max(_audit.c.at))
    .select_from(_member.join(_account, _account.c.account_id == _member.c.account_id).join(_audit, _last))
    .where(_member.c.role.is_(None))
    .scalar_subquery()
)
_staff = _part(
    LiveList.STAFF,
    literal_column("''"),
    time_1=func.max(_member.c.given_at),
    time_2=func.max(_member.c.proposed_at),
    time_3=_left,
    count_1=_sum(_member.c.version),
    count_2=func.count(),
).select_from(_member)
_sessions = _part(SESSION, _session.c.session_id).where(
    _session.c.account_id.in_(_places("staff")),
    _session.c.session_id.in_(_places("session")),
    _session.c.ended_at.is_(None),
    _session.c.expires_at > bindparam("now"),
    _session.c.seen_at > bindparam("idle_since"),
)
CHANGES = Statement(union_all(_accounts, _queues, _staff, _sessions))


class StoredChanges:
    """The Changes port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def marks(self, onlookers: Sequence[Onlooker], now: datetime, *, idle_since: datetime) -> Marks:
        """Read the marks of what is looked at, and the sessions that still hold."""
        values: dict[str, object] = {"now": ms(now), "idle_since": ms(idle_since)}
        values |= _filled("account", [each.account_id for each in onlookers])
        values |= _filled("staff", [each.staff_id for each in onlookers])
        values |= _filled("session", [each.session_id for each in onlookers])
        rows = await self._database.fetch(CHANGES, values)
        companies = {each.organisation_id for each in onlookers} - {""}
        return Marks(
            of_companies=await company_marks(self._database, companies, now) if companies else {},
            of_accounts={row["key"]: _mark(row) for row in rows if row["kind"] == ACCOUNT},
            of_lists={LiveList(row["kind"]): _mark(row) for row in rows if row["kind"] in set(LiveList)},
            sessions=frozenset(row["key"] for row in rows if row["kind"] == SESSION),
        )


def _mark(row: Row) -> Mark:
    times, counts = [row[name] or 0 for name in TIMES], [row[name] or 0 for name in COUNTS]
    return Mark(moment(max(times)), ".".join(str(number) for number in (*times, *counts)))
