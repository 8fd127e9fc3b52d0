"""The protocols that delivery needs from the other rooms."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from renumber.domain.messages.message import Channel, Claimed, Dead, Derived, Expired, Notice, Retry, Sent, Settlement
from renumber.domain.push.device import Subscription

__all__ = [
    "Claimed",
    "Clock",
    "Dead",
    "Expired",
    "Observe",
    "Outbox",
    "Result",
    "Retry",
    "Secrets",
    "Sent",
    "Settlement",
]


class Result(StrEnum):
    """The end of one attempt, as metrics count it."""

    SENT = "sent"
    RETRY = "retry"
    BLOCKED = "blocked"  # tried again, but it takes an operator: the gateway refuses this service and not the recipient
    DEAD = "dead"
    EXPIRED = "expired"
    LOST = "lost"  # the claim had lapsed: another dispatcher has settled it or will


class Outbox(Protocol):
    """The committed messages that are not settled yet."""

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[Claimed]:
        """Take messages that are due and unclaimed, or whose claim has lapsed; locked ones are skipped."""

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Record the outcome by compare-and-set on the claim; False if somebody else has it by now."""

    async def release(self, claimed: Sequence[Claimed]) -> None:
        """Give claims back unsent for a graceful stop; those that were settled or lost stay as they are."""


class Secrets(Protocol):
    """Derives codes and tokens, which no store holds."""

    def code(self, derived: Derived, /) -> str:
        """Derive the six digits of a code."""

    def token(self, derived: Derived, /) -> str:
        """Derive the token of a link: 22 base64url characters."""


class Clock(Protocol):
    """The time, in UTC."""

    def now(self) -> datetime:
        """Give the current time."""


Observe = Callable[[Channel, Notice, Result], None]


class Addressees(Protocol):
    """The push subscriptions of devices, looked up just before a message is sent."""

    async def find(self, account_id: str, device_id: str) -> Subscription | None:
        """Find the subscription of a device, if it has one that may be posted to."""

    async def forget(self, account_id: str, device_id: str, endpoint: str) -> None:
        """Drop a subscription that its push service has ended."""


class PushIdentity(Protocol):
    """The key that push services know this service by."""

    async def authorization(self, audience: str, until: datetime, contact: str) -> str:
        """Make the value of the Authorization header for one push service (RFC 8292)."""
