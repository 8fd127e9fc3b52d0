"""The shapes of what receivers of security events send and are given (SSF 1.0, RFC 8936); its names are theirs."""

from typing import Annotated, Any

import msgspec

from renumber.policies.events.signals import SignalType
from renumber.policies.events.streams import MOST_IN_A_POLL, Method, StreamStatus
from renumber.web.api.operations.shapes import Given, Sent

Uri = Annotated[str, msgspec.Meta(max_length=400)]
StreamId = Annotated[str, msgspec.Meta(description="The id of a stream.")]  # any text may be none of ours: 404
Text = Annotated[str, msgspec.Meta(max_length=500)]
Header = Annotated[str, msgspec.Meta(max_length=1000)]
SetId = Annotated[str, msgspec.Meta(max_length=64)]
Events = Annotated[tuple[Uri, ...], msgspec.Meta(description="URIs of types; an unknown one is ignored.")]


class DeliveryWish(Sent, frozen=True, kw_only=True):
    """The way to the receiver, taken as a whole."""

    method: Annotated[str, msgspec.Meta(description="`urn:ietf:rfc:8935` (push) or `urn:ietf:rfc:8936` (poll).")]
    endpoint_url: Annotated[
        str, msgspec.Meta(max_length=2000, description="Where to push; of a poll it is given to you.")
    ] = ""
    authorization_header: Annotated[
        Header | None,
        msgspec.Meta(
            description="Sent with each push, sealed here, and never shown again. A PATCH with the same address and "
            "without it keeps it."
        ),
    ] = None


class StreamWish(Sent, frozen=True, kw_only=True):
    """The settings of a new stream; one that is polled, of all types, without any."""

    delivery: DeliveryWish | None = None
    events_requested: Events | None = None
    description: Text | None = None


class StreamChange(StreamWish, frozen=True, kw_only=True):
    """The settings of a stream; what the transmitter decides may stand there, if it is as it was given."""

    stream_id: StreamId
    iss: Text | None = None
    aud: Text | tuple[Text, ...] | None = None
    events_supported: Events | None = None
    events_delivered: Events | None = None
    min_verification_interval: int | None = None


class StreamDelivery(Given, frozen=True, kw_only=True):
    """The way to the receiver."""

    method: Method
    endpoint_url: str


class StreamConfiguration(Given, frozen=True, kw_only=True):
    """A stream, as SSF 1.0 8.1.1 describes it."""

    stream_id: str
    iss: str
    aud: str
    delivery: StreamDelivery
    events_supported: tuple[SignalType, ...]
    events_requested: tuple[str, ...]
    events_delivered: tuple[SignalType, ...]
    min_verification_interval: Annotated[int, msgspec.Meta(description="In seconds.")]
    description: str


class StreamAsked(Sent, frozen=True, kw_only=True):
    """The stream that is meant."""

    stream_id: StreamId


class StreamAskedOrAll(Sent, frozen=True, kw_only=True):
    """The stream that is meant, or all of them."""

    stream_id: StreamId | None = None


class StatusWish(Sent, frozen=True, kw_only=True):
    """The status that a stream is to have, and why."""

    stream_id: StreamId
    status: StreamStatus
    reason: Text = ""


class StatusShown(Given, frozen=True, kw_only=True, omit_defaults=True):
    """The status of a stream: while `paused`, what happens is kept for 30 days; while `disabled`, it is not."""

    stream_id: str
    status: StreamStatus
    reason: str = ""


class SubjectWish(Sent, frozen=True, kw_only=True):
    """The account that is to be taken in or left out, as {"format": "iss_sub", "iss": …, "sub": …}."""

    stream_id: StreamId
    subject: dict[str, Any]
    verified: bool = True


class VerificationWish(Sent, frozen=True, kw_only=True):
    """The stream to verify, and a state that comes back in the event."""

    stream_id: StreamId
    state: Text | None = None


class SetError(Sent, frozen=True, kw_only=True):
    """The reason why a receiver doesn't take a token (RFC 8936 2.6)."""

    err: Text
    description: Text = ""


class Poll(
    Sent,
    frozen=True,
    kw_only=True,
    rename={"max_events": "maxEvents", "return_immediately": "returnImmediately", "set_errs": "setErrs"},
):
    """A poll: how much is asked for, and the tokens that were taken, or can't be, since the last one (RFC 8936 2.2)."""

    max_events: Annotated[int, msgspec.Meta(ge=0, description="None for 0; 50 at most.")] = MOST_IN_A_POLL
    return_immediately: Annotated[
        bool, msgspec.Meta(description="Answer at once, also if there is nothing; else it is waited for, some seconds.")
    ] = False
    ack: tuple[SetId, ...] = ()
    set_errs: dict[SetId, SetError] = msgspec.field(default_factory=dict)


class Polled(Given, frozen=True, kw_only=True, rename={"more_available": "moreAvailable"}):
    """Signed tokens by their `jti`, in the order in which it happened; each comes until it is acknowledged."""

    sets: dict[str, str]
    more_available: bool
