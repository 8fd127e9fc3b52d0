"""The protocols that pushing along streams needs from the other rooms."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from renumber.policies.events.signals import SecurityEvent
from renumber.policies.events.streams import ClaimedStream


class Signing(Protocol):
    """Signs security event tokens."""

    async def sign(self, claims: Mapping[str, Any], algorithm: str, /, *, kind: str = "JWT") -> str:
        """Sign claims with the key in use for an algorithm."""


class Pushes(Protocol):
    """The streams whose events are pushed."""

    async def claim(
        self, owners: Collection[str], limit: int, claimant: str, *, now: datetime, until: datetime
    ) -> Sequence[ClaimedStream]:
        """Take streams of these keys along which something waits, and that nobody pushes along."""

    async def first(self, claimed: ClaimedStream) -> Sequence[SecurityEvent]:
        """Give the first of what waits along a stream."""

    async def taken(self, claimed: ClaimedStream, one: SecurityEvent, until: datetime) -> ClaimedStream | None:
        """Forget what the receiver has taken, and keep the claim; None if the stream was changed or is another's."""

    async def failed(self, claimed: ClaimedStream, reason: str, *, now: datetime, at: datetime) -> bool:
        """Let the stream rest until then; False if it was changed or is another's by now."""

    async def pause(self, claimed: ClaimedStream, reason: str, told: SecurityEvent) -> bool:
        """Pause a stream whose receiver takes nothing, and tell of it along the stream; nothing of it is lost."""

    async def told(self, one: SecurityEvent) -> None:
        """Forget an event of a stream itself that its receiver has taken out of turn."""

    async def release(self, claimed: Sequence[ClaimedStream], now: datetime) -> None:
        """Give claims back, so that whatever waits can be pushed by anybody."""
