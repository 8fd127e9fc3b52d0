"""The protocols that webhooks need from the other rooms."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from renumber.policies.events.webhooks import Delivery, DeliverySettlement
from renumber.policies.joins import Joins, Webhook


class DeliveryResult(StrEnum):
    """The end of one attempt, as metrics count it."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GIVEN_UP = "given_up"
    SWITCHED_OFF = "switched_off"
    LOST = "lost"  # the claim had lapsed: another sender has settled it or will


class JoinsSource(Protocol):
    """All that has joined."""

    def current(self) -> Joins:
        """Give what has joined by now."""


class Publisher(Protocol):
    """Gives committed events their order, and each webhook its deliveries."""

    async def next_at(self) -> datetime | None:
        """Give the time at which the next event is to be published; None if none waits."""

    async def publish(self, webhooks: Sequence[Webhook], now: datetime, *, receivers: Collection[str] = ()) -> int:
        """Publish some of the events that are due, the earliest first, and say how many.

        `receivers` are the keys whose streams hear of them too.
        """


class Deliveries(Protocol):
    """The deliveries that are not settled yet."""

    async def due_at(self, webhook_id: str, /) -> datetime | None:
        """Give the time at which the next delivery to a webhook can be claimed; None if none waits."""

    async def claim(
        self, webhook_id: str, limit: int, claimant: str, /, *, now: datetime, until: datetime
    ) -> Sequence[Delivery]:
        """Take deliveries to one webhook that are due, or whose claim has lapsed; locked ones are skipped."""

    async def settle(self, delivery: Delivery, settlement: DeliverySettlement, now: datetime) -> bool:
        """Record the outcome by compare-and-set on the claim; False if another sender has it by now."""

    async def release(self, claimed: Sequence[Delivery], now: datetime, /) -> None:
        """Give claims back unsent for a graceful stop."""


class Switches(Protocol):
    """Webhooks that are switched off."""

    async def off_since(self) -> Mapping[str, datetime]:
        """Give which webhooks are switched off, and since when."""

    async def switch_off(self, webhook_id: str, now: datetime, reason: str) -> bool:
        """Switch a webhook off; False if it is off already."""


Observe = Callable[[str, DeliveryResult], None]  # of which webhook, with which result
