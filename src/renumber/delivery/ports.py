"""What delivery needs from the other rooms."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from renumber.domain.message import Channel, Claimed, Dead, Derived, Expired, Notice, Retry, Sent, Settlement
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
    """How one attempt ended, as counted by metrics."""

    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    EXPIRED = "expired"
    LOST = "lost"  # the claim had lapsed: another dispatcher has settled it or will


class Outbox(Protocol):
    """The messages that a flow has committed and nobody has settled yet."""

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[Claimed]:
        """Take messages that are due and unclaimed, or whose claim has lapsed; locked ones are skipped."""

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Record the outcome by compare-and-set on the claim; False if somebody else has it by now."""

    async def release(self, claimed: Sequence[Claimed]) -> None:
        """Give claims back unsent for a graceful stop; those that were settled or lost stay as they are."""

    async def next_due_at(self) -> datetime | None:
        """When the next message can be claimed; None if none waits."""


class Secrets(Protocol):
    """Derives what no store holds."""

    def code(self, derived: Derived, /) -> str:
        """The six digits."""

    def token(self, derived: Derived, /) -> str:
        """The 22 base64url characters of a link."""


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """The present."""


Observe = Callable[[Channel, Notice, Result], None]


class Addressees(Protocol):
    """Where the push services of devices are looked up, at the last moment."""

    async def find(self, account_id: str, device_id: str) -> Subscription | None:
        """The subscription of a device, if it has one that we may post to."""

    async def forget(self, account_id: str, device_id: str, endpoint: str) -> None:
        """The push service knows this subscription no more."""


class PushIdentity(Protocol):
    """Shows push services who posts."""

    async def authorization(self, audience: str, until: datetime, contact: str) -> str:
        """The value of the Authorization header for one service (RFC 8292)."""


class LetterheadSettings(Protocol):
    """How the operator is shown and reached."""

    @property
    def brand(self) -> str:
        """The operator's name."""

    @property
    def brand_color(self) -> str:
        """`#rrggbb`."""

    @property
    def brand_logo(self) -> Path | None:
        """A PNG is shown in mails; an SVG is not, since most mail readers refuse it."""

    @property
    def support_contact(self) -> str:
        """Where people find help; may be empty."""

    @property
    def time_zone(self) -> str:
        """For people whose own zone is not known."""


class PostSettings(Protocol):
    """Where messages are handed over, and where their links lead."""

    @property
    def base_url(self) -> str:
        """The start of every link."""

    @property
    def smtp_url(self) -> str:
        """The mail server; may be empty."""

    @property
    def mail_from(self) -> str:
        """The sender of mails."""

    @property
    def sms_urls(self) -> tuple[str, ...]:
        """The SMS providers in the order of failover; may be empty."""


class DeliverySettings(LetterheadSettings, PostSettings, Protocol):
    """All that delivery is told by the operator."""
