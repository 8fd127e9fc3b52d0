"""A device that was enrolled for push: it holds the key that its answers are signed with."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.outcomes import Fact, Step


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a push service takes messages for a device, and the keys that only the device can read them with."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A phone that was enrolled: its public key signs nothing, but tells whose signature an answer bears."""

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
        """Whether its answers count."""
        return self.removed_at is None

    def rename(self, name: str) -> Step["Device"]:
        """Call it something else."""
        return Step(replace(self, name=name), (Fact.DEVICE_RENAMED,))

    def subscribe(self, subscription: Subscription | None) -> "Device":
        """Be woken there from now on, or nowhere."""
        return replace(self, subscription=subscription)

    def unsubscribe_from(self, endpoint: str) -> "Device":
        """Be woken there no more; a newer subscription stays."""
        is_same = self.subscription is not None and self.subscription.endpoint == endpoint
        return replace(self, subscription=None) if is_same else self

    def use(self, now: datetime) -> "Device":
        """Remember that it answered."""
        return replace(self, last_used_at=now)

    def remove(self, now: datetime) -> "Device":
        """Keep nothing of it but that it was there."""
        return replace(self, public_key=b"", subscription=None, removed_at=now)
