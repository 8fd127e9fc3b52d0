"""A device that was enrolled for push: it holds the key that its answers are signed with."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.outcomes import Fact, Step


@dataclass(frozen=True, slots=True)
class Subscription:
    """The address at a push service for one device, and the keys that let only this device read the messages."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """An enrolled phone, with the public key by which its signatures are verified."""

    account_id: str
    device_id: str
    public_key: bytes = field(repr=False)
    name: str = field(repr=False)
    made_at: datetime
    subscription: Subscription | None = None
    last_used_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 0

    @property
    def is_live(self) -> bool:
        """True if the device was not removed, so that its answers count."""
        return self.removed_at is None

    def rename(self, name: str) -> Step["Device"]:
        """Give the device another name."""
        return Step(replace(self, name=name), (Fact.DEVICE_RENAMED,))

    def subscribe(self, subscription: Subscription | None) -> "Device":
        """Set the address at which the device is woken, or none."""
        return replace(self, subscription=subscription)

    def unsubscribe_from(self, endpoint: str) -> "Device":
        """Forget a subscription that the push service has ended; a newer one stays."""
        is_same = self.subscription is not None and self.subscription.endpoint == endpoint
        return replace(self, subscription=None) if is_same else self

    def use(self, now: datetime) -> "Device":
        """Remember when the device last answered."""
        return replace(self, last_used_at=now)

    def remove(self, now: datetime) -> "Device":
        """Erase the key and the subscription, and keep only the fact that it was there."""
        return replace(self, public_key=b"", subscription=None, removed_at=now)
