"""The EventReads port: pages of published events by position, and of deliveries, the newest first."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import bindparam, select, text, tuple_

from renumber.flows.ports.events import DeliveryRecord
from renumber.policies.events.types import EventType, Published
from renumber.store.database.open import Database, Row, Statement
from renumber.store.events.rows import published_from
from renumber.store.records.mapper import moment, moment_or_none
from renumber.store.schema.events import event, webhook_delivery

_PUBLISHED = text("event.position IS NOT NULL")  # written as in the index
_PLACE = (webhook_delivery.c.created_at, webhook_delivery.c.delivery_id)
_LATEST = Statement(
    select(webhook_delivery)
    .where(tuple_(*_PLACE) < tuple_(bindparam("created_at"), bindparam("delivery_id")))
    .order_by(*(column.desc() for column in _PLACE))
    .limit(bindparam("limit"))
)
_NEWEST = f"{(1 << 63) - 1}."


@cache
def _page(count: int) -> Statement:
    """Select the events behind a position, of so many types or of all."""
    page = select(event).where(_PUBLISHED, event.c.position > bindparam("position"))
    if count:
        page = page.where(event.c.type.in_([bindparam(f"type_{place}") for place in range(count)]))
    return Statement(page.order_by(event.c.position).limit(bindparam("limit")))


class StoredEvents:
    """The EventReads port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def events_after(self, position: int, limit: int, types: Sequence[EventType] = ()) -> Sequence[Published]:
        """Read the events behind a position, in their order, of these types or of all."""
        wanted = sorted(set(types))
        named = {f"type_{place}": type_.value for place, type_ in enumerate(wanted)}
        rows = await self._database.fetch(_page(len(wanted)), {"position": position, "limit": limit, **named})
        return [published_from(row) for row in rows]

    async def deliveries(self, limit: int, after: str = "") -> Sequence[DeliveryRecord]:
        """Read the newest deliveries, or those that come after this cursor; ValueError if it is none."""
        created_at, _, delivery_id = (after or _NEWEST).partition(".")
        values = {"created_at": int(created_at), "delivery_id": delivery_id, "limit": limit}
        rows = await self._database.fetch(_LATEST, values)
        return [_record(row) for row in rows]


def _record(row: Row) -> DeliveryRecord:
    return DeliveryRecord(
        cursor=f"{row['created_at']}.{row['delivery_id']}",
        delivery_id=row["delivery_id"],
        webhook_id=row["webhook_id"],
        event_id=row["event_id"],
        account_id=row["account_id"],
        state=row["state"],
        attempts=row["attempts"],
        created_at=moment(row["created_at"]),
        due_at=moment(row["due_at"]),
        settled_at=moment_or_none(row["settled_at"]),
        reason=row["outcome"] or "",
    )
