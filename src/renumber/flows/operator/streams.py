"""Streams of security events, as their receivers set them up (SSF 1.0 8): each knows those of its own key alone."""

from dataclasses import dataclass, replace
from enum import StrEnum

from renumber.flows.ports.services import Clock, Secrets
from renumber.flows.ports.streams import Streams
from renumber.policies.events.signals import SecurityEvent, SignalType
from renumber.policies.events.streams import (
    LONGEST_TEXT,
    MOST_OF_A_RECEIVER,
    VERIFY_EVERY,
    Method,
    NotValid,
    Stream,
    StreamStatus,
    Wanted,
    configured,
)
from renumber.policies.joins import ApiKey


class StreamRefusal(StrEnum):
    """The reason why a receiver's request was not carried out."""

    UNKNOWN = "unknown"
    TOO_MANY = "too_many"
    CHANGED = "changed"
    TOO_SOON = "too_soon"


Outcome = Stream | NotValid | StreamRefusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A receiver at the other end of an API key, and what its acts need; `base_url` is the transmitter's."""

    key: ApiKey
    streams: Streams
    clock: Clock
    secrets: Secrets
    base_url: str

    def poll_url(self, stream_id: str) -> str:
        """Give the address at which a stream is polled."""
        return f"{self.base_url}/api/v1/ssf/streams/{stream_id}/poll"

    async def find(self, stream_id: str) -> Stream | StreamRefusal:
        """Find a stream of this receiver's."""
        return await self.streams.find(self.key.name, stream_id) or StreamRefusal.UNKNOWN

    def configured(self, stream: Stream, wanted: Wanted) -> Stream | NotValid:
        """Give a stream the settings that are asked for."""
        poll_url, allow_private = self.poll_url(stream.stream_id), self.key.allow_private
        return configured(stream, wanted, poll_url=poll_url, allow_private=allow_private)


async def create_stream(receiver: Receiver, wanted: Wanted) -> Outcome:
    """Make a stream, which has all that happens from now on."""
    new = Stream(
        stream_id=receiver.secrets.new_id(),
        owner=receiver.key.name,
        audience=receiver.key.audience or receiver.key.name,
        created_at=receiver.clock.now(),
    )
    stream = receiver.configured(new, wanted)
    if isinstance(stream, NotValid):
        return stream
    return stream if await receiver.streams.add(stream, MOST_OF_A_RECEIVER) else StreamRefusal.TOO_MANY


async def update_stream(receiver: Receiver, stream: Stream, wanted: Wanted) -> Outcome:
    """Change the settings that are named, and leave the others (SSF 1.0 8.1.1.3)."""
    return await _saved(receiver, receiver.configured(stream, wanted))


async def replace_stream(receiver: Receiver, stream: Stream, wanted: Wanted) -> Outcome:
    """Change all settings: one that isn't named is as in a new stream (SSF 1.0 8.1.1.4)."""
    bare = replace(stream, method=Method.POLL, endpoint_url="", authorization_header="", requested=None, description="")
    return await _saved(receiver, receiver.configured(bare, wanted))


async def set_status(receiver: Receiver, stream: Stream, status: StreamStatus, *, reason: str) -> Outcome:
    """Enable, pause or disable a stream; what waits along one that is paused is kept, of one that is disabled not."""
    return await _saved(receiver, replace(stream, status=status, reason=reason[:LONGEST_TEXT]))


async def _saved(receiver: Receiver, stream: Stream | NotValid) -> Outcome:
    if isinstance(stream, NotValid):
        return stream
    is_saved = await receiver.streams.save(stream, receiver.clock.now())
    return stream if is_saved else StreamRefusal.CHANGED


async def verify_stream(receiver: Receiver, stream: Stream, state: str | None) -> StreamRefusal | None:
    """Send a verification along a stream, with the state that its receiver gave (SSF 1.0 8.1.4)."""
    now = receiver.clock.now()
    event = SecurityEvent(
        set_id=receiver.secrets.new_id(),
        stream_id=stream.stream_id,
        type=SignalType.VERIFICATION,
        issued_at=now,
        claims={} if state is None else {"state": state},
    )
    is_due = await receiver.streams.verify(event, now, unless_since=now - VERIFY_EVERY)
    return None if is_due else StreamRefusal.TOO_SOON
