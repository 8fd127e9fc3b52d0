"""The port for streams of security events: what receivers set up, and what waits for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renumber.policies.events.signals import SecurityEvent
from renumber.policies.events.streams import Stream


class Streams(Protocol):
    """Keeps streams, each for the key that made it; another key's is none."""

    async def add(self, stream: Stream, most: int) -> bool:
        """Add a stream; False if its owner has so many already."""

    async def of(self, owner: str) -> Sequence[Stream]:
        """Read all streams of a key, the oldest first."""

    async def find(self, owner: str, stream_id: str) -> Stream | None:
        """Read one stream of a key."""

    async def save(self, stream: Stream, now: datetime) -> bool:
        """Save over the version that was read; False if it was changed meanwhile.

        What waits along one that is disabled is dropped; one that is pushed is tried anew, at once.
        """

    async def drop(self, stream: Stream) -> None:
        """Forget a stream with all that waits along it."""

    async def leave_out(self, stream: Stream, account_id: str, now: datetime) -> None:
        """Leave an account out, from now on; one that there isn't is passed over."""

    async def take_in(self, stream: Stream, account_id: str) -> None:
        """Take an account in again."""

    async def verify(self, event: SecurityEvent, now: datetime, *, unless_since: datetime) -> bool:
        """Send an event of the stream itself along it, unless one was asked for since then."""

    async def waiting(self, stream_id: str, limit: int) -> Sequence[SecurityEvent]:
        """Read what waits along a stream, in the order in which it happened."""

    async def settle(self, stream_id: str, set_ids: Sequence[str], now: datetime, *, failure: str) -> int:
        """Forget what a receiver that polls has taken or refused, and count it; `failure` is why it refused some."""
