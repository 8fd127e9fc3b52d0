"""A device that was enrolled for push: it holds the key that its answers are signed with."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step


class DeviceState(StrEnum):
    """The state of a device: whoever scans the code first waits, until its owner confirms it or sends it away."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REMOVED = "removed"


PROGRESS: dict[DeviceState, frozenset[DeviceState]] = {
    DeviceState.WAITING: frozenset({DeviceState.CONFIRMED, DeviceState.REMOVED}),
    DeviceState.CONFIRMED: frozenset({DeviceState.REMOVED}),
    DeviceState.REMOVED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """The address at a push service for one device, and the keys that let only this device read the messages."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The QR code that a device came with: only the session that shows it confirms the device, while the code holds.

    `contested_at` is when another device came with the same code.
    """

    link_id: str
    session_id: str
    expires_at: datetime
    contested_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A phone, with the public key by which its signatures are verified.

    `made_at` is when it came, and once it is confirmed when that was: what it was before speaks for nothing.
    """

    account_id: str
    device_id: str
    public_key: bytes = field(repr=False)
    name: str = field(repr=False)
    made_at: datetime
    state: DeviceState = DeviceState.WAITING
    scan: Scan | None = None
    confirmed_at: datetime | None = None
    subscription: Subscription | None = None
    last_used_at: datetime | None = None
    removed_at: datetime | None = None
    version: int = 0

    @property
    def is_live(self) -> bool:
        """True if it was confirmed and not removed, so that its answers count."""
        return self.state is DeviceState.CONFIRMED

    def awaits(self, now: datetime) -> Scan | None:
        """The code by which it can still be confirmed, if there is one."""
        is_open = self.state is DeviceState.WAITING and self.scan is not None and now < self.scan.expires_at
        return self.scan if is_open else None

    def contest(self, now: datetime) -> "Device":
        """Remember that another device came with the same code."""
        return replace(self, scan=replace(self.scan, contested_at=now)) if self.scan else self

    def confirm(self, now: datetime) -> Step["Device"]:
        """Count from now on, because its owner says that it is theirs."""
        if self.awaits(now) is None:
            return Step(self, refusal=Refusal.DEVICE_UNKNOWN)
        return Step(replace(self._become(DeviceState.CONFIRMED), confirmed_at=now, made_at=now))

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
        return replace(self._become(DeviceState.REMOVED), public_key=b"", subscription=None, removed_at=now)

    def _become(self, state: DeviceState) -> "Device":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state, scan=None)
