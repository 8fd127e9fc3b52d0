"""The standing of all streams, for an operator: nothing is unsealed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from renumber.policies.events.streams import Method, StreamStatus
from renumber.store.database.open import Database, Statement
from renumber.store.records.mapper import moment_or_none
from renumber.store.schema.streams import security_event, stream

_c = stream.c
_waiting = (
    select(func.count())
    .select_from(security_event)
    .where(security_event.c.stream_id == _c.stream_id)
    .scalar_subquery()
    .label("waiting")
)
_ALL = Statement(
    select(_c.stream_id, _c.owner, _c.method, _c.status, _c.failing_since, _c.failure, _waiting).order_by(
        _c.owner, _c.created_at, _c.stream_id
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """A stream, how much waits along it, and since when its receiver fails, if it does."""

    stream_id: str
    owner: str
    method: Method
    status: StreamStatus
    waiting: int
    failing_since: datetime | None
    failure: str


async def stream_states(database: Database) -> Sequence[StreamState]:
    """Read the standing of all streams, those of each key together."""
    return [
        StreamState(
            stream_id=row["stream_id"],
            owner=row["owner"],
            method=Method(row["method"]),
            status=StreamStatus(row["status"]),
            waiting=row["waiting"],
            failing_since=moment_or_none(row["failing_since"]),
            failure=row["failure"] or "",
        )
        for row in await database.fetch(_ALL)
    ]
