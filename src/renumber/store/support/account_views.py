"""An account as the console shows it, in one query: its state, factors, sessions, waits, and a page of its timeline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, Text, and_, bindparam, cast, literal_column, null, select, tuple_, union_all

from renumber.domain.messages.message import Delivery, DeliveryState, Notice
from renumber.domain.wait import Wait
from renumber.flows.support.account_view import AccountFacts, TimelinePlace
from renumber.store.database.open import Database, Row, Statement
from renumber.store.messages.settlements import MessageState
from renumber.store.reads.factor_list import NO_BYTES, NO_TIME, PROFILE_PARTS, factor_list_of, open_sessions_of
from renumber.store.records import accounts, phone_changes, waits
from renumber.store.records.mapper import Joined, Sealer, labelled, moment, moment_or_none, ms
from renumber.store.schema import tables
from renumber.store.support import caller_checks, recovery_cases
from renumber.store.support.timeline import ENTRY, MESSAGE, line_of, merged_lines, place_of

HEAD, WAIT, DELIVERY = "head", "wait", "delivery"
NEWEST_MESSAGES = 20  # among which is the one that somebody waits for
_account, _change = tables.account, tables.phone_change
_case, _check = tables.support.recovery_case, tables.support.caller_check
_audit, _outbox, _wait = tables.audit, tables.outbox, tables.wait
_NO_TEXT = cast(null(), Text)
_TEXTS = ("actor", "act", "state", "detail")
_HERE: Any = bindparam("account_id")


def _widened(part: Select[Any], **texts: Any) -> Select[Any]:
    """Give a part the columns that only the others have."""
    seq = texts.pop("seq", cast(null(), BigInteger))
    return part.add_columns(*(texts.get(name, _NO_TEXT).label(name) for name in _TEXTS), seq.label("seq"))


def _part(kind: str, key: Any, *, sealed: Any = NO_BYTES, made_at: Any = NO_TIME, **more: Any) -> Select[Any]:
    used_at, lost_at = more.pop("used_at", NO_TIME), more.pop("lost_at", NO_TIME)
    times = (made_at.label("made_at"), used_at.label("used_at"), lost_at.label("lost_at"))
    named: tuple[Any, ...] = (literal_column(f"'{kind}'").label("kind"), key.label("key"), sealed.label("sealed"))
    return _widened(select(*named, NO_BYTES.label("place"), *times), **more)


def _limited(part: Select[Any]) -> Select[Any]:
    """A part of a union that has an order and a limit of its own."""
    return select(*part.subquery().c)


_head = _part(HEAD, _account.c.account_id).where(_account.c.account_id == _HERE)
_waits = _part(
    WAIT,
    _wait.c.purpose,
    sealed=_wait.c.browser_key,
    made_at=_wait.c.started_at,
    used_at=_wait.c.over_at,
    lost_at=_wait.c.usable_until,
    act=_wait.c.about,
).where(_wait.c.account_id == _HERE)
_message_columns = {
    "made_at": _outbox.c.created_at,
    "used_at": _outbox.c.settled_at,
    "lost_at": _outbox.c.due_at,
    "actor": _outbox.c.channel,
    "act": _outbox.c.notice,
    "state": _outbox.c.state,
    "detail": _outbox.c.outcome,
}
_newest_first = (_outbox.c.created_at.desc(), _outbox.c.message_id.desc())
_deliveries = (
    _part(DELIVERY, _outbox.c.message_id, **_message_columns)
    .where(_outbox.c.account_id == _HERE)
    .order_by(*_newest_first)
    .limit(NEWEST_MESSAGES)
)
_messages = (
    _part(MESSAGE, _outbox.c.message_id, sealed=_outbox.c.content, **_message_columns)
    .where(
        _outbox.c.account_id == _HERE,
        tuple_(_outbox.c.created_at, _outbox.c.message_id) < tuple_(bindparam("written_ms"), bindparam("message_id")),
    )
    .order_by(*_newest_first)
    .limit(bindparam("lines"))
)
_entries = (
    _part(
        ENTRY,
        _NO_TEXT,
        sealed=_audit.c.origin,
        made_at=_audit.c.at,
        actor=_audit.c.actor,
        act=_audit.c.act,
        state=_audit.c.subject,
        detail=_audit.c.evidence,
        seq=_audit.c.seq,
    )
    .where(_audit.c.account_id == _HERE, _audit.c.seq < bindparam("seq"))
    .order_by(_audit.c.seq.desc())
    .limit(bindparam("lines"))
)
_feed = union_all(
    _head,
    _waits,
    *(_widened(part) for part in PROFILE_PARTS),
    *(_limited(part) for part in (_deliveries, _messages, _entries)),
).subquery("feed")
_is_head = _feed.c.kind == literal_column(f"'{HEAD}'")
_joined = (
    _feed.outerjoin(_account, and_(_is_head, _account.c.account_id == _feed.c.key))
    .outerjoin(_change, and_(_change.c.account_id == _account.c.account_id, _change.c.is_open))
    .outerjoin(_case, and_(_case.c.account_id == _account.c.account_id, _case.c.is_open))
    .outerjoin(_check, _check.c.account_id == _account.c.account_id)
)
_wide = [column for table in (_account, _change, _case, _check) for column in labelled(table)]
ONE_ACCOUNT = Statement(select(*_feed.c, *_wide).select_from(_joined))
_DELIVERIES = {MessageState.WAITING: DeliveryState.TRYING, MessageState.SENT: DeliveryState.SENT}


class StoredAccountViews:
    """The AccountViews port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def account(
        self, account_id: str, now: datetime, *, idle_since: datetime, after: TimelinePlace, lines: int
    ) -> AccountFacts | None:
        """Read it in one query, with the newest lines of its timeline that come after a place."""
        values = {
            "account_id": account_id,
            "now": ms(now),
            "idle_since": ms(idle_since),
            "seq": after.seq,
            "written_ms": after.written_ms,
            "message_id": after.message_id,
            "lines": lines + 1,
        }
        rows = await self._database.fetch(ONE_ACCOUNT, values)
        head = next((Joined(row, self._sealer) for row in rows if row["kind"] == HEAD), None)
        account = head.of(accounts.mapper) if head else None
        if head is None or account is None or not account.email.text:
            return None
        merged = merged_lines(rows)
        shown = merged[:lines]
        return AccountFacts(
            account=account,
            change=head.find(phone_changes.mapper),
            case=head.find(recovery_cases.mapper),
            check=head.find(caller_checks.mapper),
            waits=_waits_of(rows, self._sealer, account_id),
            factor_list=factor_list_of(rows, self._sealer, account_id),
            sessions=open_sessions_of(rows, self._sealer, account_id),
            deliveries=_deliveries_of(rows),
            timeline=[line_of(row, self._sealer, account_id) for row in shown],
            older=place_of(shown, after) if len(merged) > lines else None,
        )


def _waits_of(rows: Sequence[Row], sealer: Sealer, account_id: str) -> list[Wait]:
    names = {"purpose": "key", "about": "act", "browser_key": "sealed"}
    times = {"started_at": "made_at", "over_at": "used_at", "usable_until": "lost_at"}
    found = [{own: row[name] for own, name in {**names, **times}.items()} for row in rows if row["kind"] == WAIT]
    return [waits.mapper.read({**one, "account_id": account_id, "version": 0}, sealer) for one in found]


def _deliveries_of(rows: Sequence[Row]) -> dict[Notice, Delivery]:
    """The newest message of each kind; dictionaries keep the last, so that the oldest comes first."""
    found = sorted((row for row in rows if row["kind"] == DELIVERY), key=lambda row: int(row["made_at"]))
    return {
        Notice(row["act"]): Delivery(
            _DELIVERIES.get(MessageState(row["state"]), DeliveryState.GIVEN_UP),
            moment(row["made_at"]),
            moment_or_none(row["used_at"]),
        )
        for row in found
    }
