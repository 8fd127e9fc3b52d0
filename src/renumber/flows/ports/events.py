"""Reading what others hear of: published events after a cursor, and what became of deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from renumber.policies.events.types import EventType, Published


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """A delivery of an event to a webhook; `state` is waiting, delivered or given_up, `reason` that of the last try.

    `cursor` is what a page goes on after.
    """

    cursor: str

    delivery_id: str
    webhook_id: str
    event_id: str
    account_id: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    reason: str


class EventReads(Protocol):
    """Reads events and deliveries, without locks."""

    async def events_after(self, position: int, limit: int, types: Sequence[EventType] = ()) -> Sequence[Published]:
        """Read the events behind a position (0 for the first), in their order, of these types or of all.

        None is ever published behind a position that was read: whoever goes on from the last one misses nothing, as
        long as it comes back within the time for which events are kept (30 days). They come without numbers.
        """

    async def deliveries(self, limit: int, after: str = "") -> Sequence[DeliveryRecord]:
        """Read the newest deliveries, or those that come after this cursor; ValueError if it is none."""
