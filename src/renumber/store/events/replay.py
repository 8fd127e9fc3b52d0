"""Sending events again: new deliveries of what was published before, with the same ids, for receivers to tell by."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, text

from renumber.policies.joins import Webhook
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement
from renumber.store.events.publish import INSERT_DELIVERY, new_delivery
from renumber.store.records.mapper import ms
from renumber.store.schema.events import event

AT_ONCE = 500  # events in one transaction
_COLUMNS = (event.c.account_id, event.c.event_id, event.c.type, event.c.position)
_PUBLISHED = text("event.position IS NOT NULL")  # written as in the index
_ONE = Statement(select(*_COLUMNS).where(_PUBLISHED, event.c.event_id == bindparam("event_id")))
_SINCE = Statement(
    select(*_COLUMNS)
    .where(_PUBLISHED, event.c.position > bindparam("position"), event.c.at >= bindparam("since"))
    .order_by(event.c.position)
    .limit(AT_ONCE)
)


class EventReplay:
    """Makes deliveries anew, for one webhook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, webhook: Webhook, event_id: str, now: datetime) -> int:
        """Send one event again, whether the webhook hears its type or not; 0 if there is none with this id."""
        found = await self._database.fetch(_ONE, {"event_id": event_id})
        return await self._deliver(webhook.webhook_id, found, now)

    async def since(self, webhook: Webhook, since: datetime, now: datetime) -> int:
        """Send all that the webhook hears and that happened since then again, a page at a time, and count it."""
        sent, position = 0, 0
        while page := await self._database.fetch(_SINCE, {"position": position, "since": ms(since)}):
            heard = [row for row in page if webhook.hears(row["type"])]
            sent += await self._deliver(webhook.webhook_id, heard, now)
            position = page[-1]["position"]
        return sent

    async def _deliver(self, webhook_id: str, events: Sequence[Row], now: datetime) -> int:
        if events:
            async with together(self._database) as tx:
                await tx.execute_many(INSERT_DELIVERY, [new_delivery(row, webhook_id, now) for row in events])
        return len(events)
