"""The rows of streams and of what waits along them: addresses and whatever a receiver writes are sealed."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from renumber.domain.account import NOBODY
from renumber.policies.events.signals import SecurityEvent, SignalType
from renumber.policies.events.streams import Method, Stream, StreamStatus
from renumber.policies.events.types import Event, EventType
from renumber.store.database.open import Row, Statement, Values
from renumber.store.records.mapper import Columns, Sealer, moment, moment_or_none, ms
from renumber.store.schema.events import event, event_position
from renumber.store.schema.streams import security_event, stream

STEPS = 16  # places between two events: more than the signals that one of them makes
INSERT_STREAM = Statement(insert(stream).values({column.name: bindparam(column.name) for column in stream.c}))
INSERT_EVENT = Statement(
    insert(security_event).values({column.name: bindparam(column.name) for column in security_event.c})
)
LAST_POSITION = Statement(select(event_position.c.position).where(event_position.c.name == "events"))
WAITING = Statement(
    select(
        security_event,
        event.c.type.label("event_type"),
        event.c.at.label("event_at"),
        event.c.data.label("event_data"),
    )
    .select_from(
        security_event.outerjoin(
            event,
            (event.c.account_id == security_event.c.account_id) & (event.c.event_id == security_event.c.event_id),
        )
    )
    .where(
        security_event.c.stream_id == bindparam("stream_id"),
        security_event.c.event_id.is_(None) | event.c.event_id.is_not(None),
    )
    .order_by(security_event.c.place, security_event.c.set_id)
    .limit(bindparam("limit"))
)


class StreamRows:
    """Streams as rows, and rows as streams."""

    def __init__(self, sealer: Sealer) -> None:
        self._stream = Columns(sealer, stream.name, NOBODY)
        self._event = Columns(sealer, security_event.name, NOBODY)

    def settings(self, one: Stream) -> Values:
        """Give the columns of what its receiver decides."""
        content = {
            "endpoint_url": one.endpoint_url,
            "authorization_header": one.authorization_header,
            "description": one.description,
        }
        return {
            "method": one.method.value,
            "requested": None if one.requested is None else json.dumps(one.requested),
            "content": self._stream.seal("content", json.dumps(content)),
            "status": one.status.value,
            "reason": self.reason(one.reason),
        }

    def reason(self, text: str) -> bytes | None:
        """Seal the reason of a status."""
        return self._stream.seal("reason", text or None)

    def new(self, one: Stream) -> Values:
        """Give the row of a new stream."""
        return {
            **self.settings(one),
            "account_id": NOBODY,
            "stream_id": one.stream_id,
            "owner": one.owner,
            "audience": one.audience,
            "created_at": ms(one.created_at),
            "verified_at": None,
            "due_at": ms(one.created_at),
            "attempts": 0,
            "claim": None,
            "failing_since": None,
            "failure": None,
            "version": 0,
        }

    def stream(self, row: Row) -> Stream:
        """Read a stream; raises Unreadable if no key opens it."""
        return Stream(
            stream_id=row["stream_id"],
            owner=row["owner"],
            audience=row["audience"],
            created_at=moment(row["created_at"]),
            method=Method(row["method"]),
            requested=None if row["requested"] is None else tuple(json.loads(row["requested"])),
            status=StreamStatus(row["status"]),
            reason=self._stream.unseal("reason", row["reason"]) or "",
            failing_since=moment_or_none(row["failing_since"]),
            failure=row["failure"] or "",
            version=row["version"],
            **json.loads(self._stream.text("content", row["content"])),
        )

    def own_event(self, one: SecurityEvent, position: int) -> Values:
        """Give the row of an event of the stream itself, behind all that was published by then."""
        content = self._event.seal("content", json.dumps(dict(one.claims)))
        return {
            "account_id": NOBODY,
            "set_id": one.set_id,
            "stream_id": one.stream_id,
            "event_id": None,
            "type": one.type.value,
            "content": content,
            "place": (position + 1) * STEPS - 1,
            "created_at": ms(one.issued_at),
        }

    def waiting(self, rows: Sequence[Row]) -> list[SecurityEvent]:
        """Read what waits along a stream."""
        return [self._security_event(row) for row in rows]

    def _security_event(self, row: Row) -> SecurityEvent:
        content = self._event.unseal("content", row["content"])
        return SecurityEvent(
            set_id=row["set_id"],
            stream_id=row["stream_id"],
            type=SignalType(row["type"]),
            issued_at=moment(row["created_at"]),
            event_id=row["event_id"] or "",
            event=_event(row) if row["event_id"] else None,
            claims=json.loads(content) if content else {},
        )


def _event(row: Row) -> Event:
    return Event(
        account_id=row["account_id"],
        type=EventType(row["event_type"]),
        at=moment(row["event_at"]),
        data=json.loads(row["event_data"]),
    )


def of_event(row: Row, stream_id: str, *, set_id: str, kind: SignalType, place: int, now: datetime) -> Values:
    """Give the row of a signal that an event makes, along one stream."""
    return {
        "account_id": row["account_id"],
        "set_id": set_id,
        "stream_id": stream_id,
        "event_id": row["event_id"],
        "type": kind.value,
        "content": None,
        "place": place,
        "created_at": ms(now),
    }
