"""Streams of security events, set up by their receivers as OpenID Shared Signals Framework 1.0 says."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from renumber.flows.operator.streams import (
    Outcome,
    Receiver,
    StreamRefusal,
    create_stream,
    replace_stream,
    set_status,
    update_stream,
)
from renumber.policies.events.signals import SUPPORTED
from renumber.policies.events.streams import VERIFY_EVERY, Method, NotValid, Stream, Wanted
from renumber.policies.joins import Scope
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.stream_shapes import (
    StatusShown,
    StatusWish,
    StreamAsked,
    StreamAskedOrAll,
    StreamChange,
    StreamConfiguration,
    StreamDelivery,
    StreamWish,
)

operations = Operations()
declare = partial(operations.declare, scope=Scope.SHARED_SIGNALS, invalid=Code.INVALID_REQUEST)
CODES = {
    StreamRefusal.UNKNOWN: Code.STREAM_UNKNOWN,
    StreamRefusal.TOO_MANY: Code.TOO_MANY_STREAMS,
    StreamRefusal.CHANGED: Code.STREAM_CHANGED,
    StreamRefusal.TOO_SOON: Code.TOO_MANY_REQUESTS,
}


def receiver_of(call: OperatorCall) -> Receiver:
    """Give the receiver that calls."""
    services, base_url = call.services, call.api.site.base_url
    return Receiver(
        key=call.key,
        streams=call.operator.streams,
        clock=services.clock,
        secrets=services.secrets,
        base_url=base_url,
    )


def told(refused: StreamRefusal | NotValid) -> Problem:
    """Tell why a request of a receiver was not carried out."""
    if isinstance(refused, NotValid):
        return Problem(code=Code.INVALID_REQUEST, detail=refused.detail)
    wait = int(VERIFY_EVERY.total_seconds())
    headers = (("retry-after", str(wait)),) if refused is StreamRefusal.TOO_SOON else ()
    return Problem(code=CODES[refused], headers=headers)


@declare(
    "POST", "/ssf/streams", takes=StreamWish, gives=StreamConfiguration, status=201, refuses=(Code.TOO_MANY_STREAMS,)
)
async def create_event_stream(call: OperatorCall, sent: StreamWish) -> StreamConfiguration | Problem:
    """Create a stream of security events, which has all that happens from now on."""
    receiver = receiver_of(call)
    return _shown(receiver, await create_stream(receiver, _wanted(sent)))


@declare(
    "GET", "/ssf/streams", asks=StreamAskedOrAll, gives=StreamConfiguration, or_all=True, refuses=(Code.STREAM_UNKNOWN,)
)
async def read_event_streams(
    call: OperatorCall, asked: StreamAskedOrAll
) -> StreamConfiguration | Sequence[StreamConfiguration] | Problem:
    """Read the settings of a stream, or of all streams of this API key."""
    receiver = receiver_of(call)
    if asked.stream_id is None:
        return [_configuration(receiver, one) for one in await receiver.streams.of(receiver.key.name)]
    return _shown(receiver, await receiver.find(asked.stream_id))


@declare(
    "PATCH", "/ssf/streams", takes=StreamChange, gives=StreamConfiguration,
    refuses=(Code.STREAM_UNKNOWN, Code.STREAM_CHANGED),
)  # fmt: skip
async def update_event_stream(call: OperatorCall, sent: StreamChange) -> StreamConfiguration | Problem:
    """Change the settings of a stream that are named, and leave the others."""
    return await _change(call, sent, update_stream)


@declare(
    "PUT", "/ssf/streams", takes=StreamChange, gives=StreamConfiguration,
    refuses=(Code.STREAM_UNKNOWN, Code.STREAM_CHANGED),
)  # fmt: skip
async def replace_event_stream(call: OperatorCall, sent: StreamChange) -> StreamConfiguration | Problem:
    """Replace the settings of a stream: one that isn't named is as in a new stream."""
    return await _change(call, sent, replace_stream)


async def _change(call: OperatorCall, sent: StreamChange, change: Any) -> StreamConfiguration | Problem:
    receiver = receiver_of(call)
    stream = await receiver.find(sent.stream_id)
    if isinstance(stream, StreamRefusal):
        return told(stream)
    other = _other_than(_configuration(receiver, stream), sent)
    if other:
        return Problem(code=Code.INVALID_REQUEST, detail=f"{other}: the transmitter decides it; leave it out")
    return _shown(receiver, await change(receiver, stream, _wanted(sent)))


def _other_than(present: StreamConfiguration, sent: StreamChange) -> str:
    """Find what only the transmitter decides, and is sent other than it is."""
    names = ("iss", "aud", "events_supported", "events_delivered", "min_verification_interval")
    given = {name: getattr(sent, name) for name in names if getattr(sent, name) is not None}
    return next((name for name, value in given.items() if _all_of(value) != _all_of(getattr(present, name))), "")


def _all_of(value: object) -> frozenset[object]:
    """Take an array as the set that it is, and one value as an array of it (RFC 7519 4.1.3)."""
    return frozenset(value) if isinstance(value, tuple) else frozenset({value})


@declare("DELETE", "/ssf/streams", asks=StreamAsked, status=204, refuses=(Code.STREAM_UNKNOWN,))
async def delete_event_stream(call: OperatorCall, asked: StreamAsked) -> Problem | None:
    """Delete a stream, with all that waits along it."""
    receiver = receiver_of(call)
    stream = await receiver.find(asked.stream_id)
    if isinstance(stream, StreamRefusal):
        return told(stream)
    await receiver.streams.drop(stream)
    return None


@declare("GET", "/ssf/status", asks=StreamAsked, gives=StatusShown, refuses=(Code.STREAM_UNKNOWN,))
async def read_stream_status(call: OperatorCall, asked: StreamAsked) -> StatusShown | Problem:
    """Say whether a stream is enabled, paused or disabled, and why."""
    return _status(await receiver_of(call).find(asked.stream_id))


@declare("POST", "/ssf/status", takes=StatusWish, gives=StatusShown, refuses=(Code.STREAM_UNKNOWN, Code.STREAM_CHANGED))
async def update_stream_status(call: OperatorCall, sent: StatusWish) -> StatusShown | Problem:
    """Enable, pause or disable a stream."""
    receiver = receiver_of(call)
    stream = await receiver.find(sent.stream_id)
    if isinstance(stream, StreamRefusal):
        return told(stream)
    return _status(await set_status(receiver, stream, sent.status, reason=sent.reason))


def _status(outcome: Outcome) -> StatusShown | Problem:
    if not isinstance(outcome, Stream):
        return told(outcome)
    return StatusShown(stream_id=outcome.stream_id, status=outcome.status, reason=outcome.reason)


def _wanted(sent: StreamWish) -> Wanted:
    delivery = sent.delivery
    return Wanted(
        method=delivery.method if delivery else None,
        endpoint_url=delivery.endpoint_url if delivery else "",
        authorization_header=delivery.authorization_header if delivery else None,
        requested=sent.events_requested,
        description=sent.description,
    )


def _shown(receiver: Receiver, outcome: Outcome) -> StreamConfiguration | Problem:
    return _configuration(receiver, outcome) if isinstance(outcome, Stream) else told(outcome)


def _configuration(receiver: Receiver, stream: Stream) -> StreamConfiguration:
    is_push = stream.method is Method.PUSH
    endpoint_url = stream.endpoint_url if is_push else receiver.poll_url(stream.stream_id)
    return StreamConfiguration(
        stream_id=stream.stream_id,
        iss=receiver.base_url,
        aud=stream.audience,
        delivery=StreamDelivery(method=stream.method, endpoint_url=endpoint_url),
        events_supported=SUPPORTED,
        events_requested=SUPPORTED if stream.requested is None else stream.requested,
        events_delivered=stream.delivered,
        min_verification_interval=int(VERIFY_EVERY.total_seconds()),
        description=stream.description,
    )
