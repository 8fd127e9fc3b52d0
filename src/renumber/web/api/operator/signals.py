"""Whom a stream is about, its verification, and polling it (SSF 1.0 8.1.3 and 8.1.4, RFC 8936)."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from renumber.flows.operator.streams import StreamRefusal, verify_stream
from renumber.policies.events.signals import SecurityEvent
from renumber.policies.events.streams import ALGORITHM, MOST_IN_A_POLL, TYP, Method, Stream, StreamStatus
from renumber.policies.joins import Scope
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.stream_shapes import Poll, Polled, SubjectWish, VerificationWish
from renumber.web.api.operator.streams import receiver_of, told
from renumber.web.streams.events import Seats

operations = Operations()
declare = partial(
    operations.declare, scope=Scope.SHARED_SIGNALS, invalid=Code.INVALID_REQUEST, refuses=(Code.STREAM_UNKNOWN,)
)

ERRORS = frozenset(  # RFC 8935 2.4, SSF 1.0 8.1.4.1
    {
        "invalid_request", "invalid_key", "invalid_issuer", "invalid_audience", "authentication_failed",
        "access_denied", "invalid_state",
    }
)  # fmt: skip
LOOK_EVERY = 1.0  # seconds, between two cheap reads: any worker may publish
WAIT_FOR = 12.0  # seconds; no worker waits long when it is to stop
SEATS = Seats(200, for_the_same=2)


@declare("POST", "/ssf/subjects/add", takes=SubjectWish)
async def add_subject(call: OperatorCall, sent: SubjectWish) -> Problem | None:
    """Take an account in again that was left out; without any request a stream is about all accounts."""
    receiver = receiver_of(call)
    stream, account_id = await receiver.find(sent.stream_id), _account_id(sent, receiver.base_url)
    if isinstance(stream, StreamRefusal) or account_id is None:
        return _refused(stream)
    await receiver.streams.take_in(stream, account_id)
    return None


@declare("POST", "/ssf/subjects/remove", takes=SubjectWish, status=204)
async def remove_subject(call: OperatorCall, sent: SubjectWish) -> Problem | None:
    """Leave an account out of a stream; whether there is such an account is not told."""
    receiver = receiver_of(call)
    stream, account_id = await receiver.find(sent.stream_id), _account_id(sent, receiver.base_url)
    if isinstance(stream, StreamRefusal) or account_id is None:
        return _refused(stream)
    await receiver.streams.leave_out(stream, account_id, receiver.clock.now())
    return None


def _account_id(sent: SubjectWish, issuer: str) -> str | None:
    """Read the account that is named as in our events, alone or as the user; None for any other name."""
    subject: dict[str, Any] = sent.subject
    user = subject.get("user")
    if subject == {"format": "complex", "user": user} and isinstance(user, dict):
        subject = user
    sub = subject.get("sub")
    is_ours = subject == {"format": "iss_sub", "iss": issuer, "sub": sub}
    return sub if is_ours and isinstance(sub, str) and len(sub) <= 64 else None


def _refused(stream: Stream | StreamRefusal) -> Problem:
    if isinstance(stream, StreamRefusal):
        return told(stream)
    return Problem(code=Code.INVALID_REQUEST, detail='subject: write {"format": "iss_sub", "iss": …, "sub": …}')


@declare("POST", "/ssf/verification", takes=VerificationWish, status=204)
async def request_verification(call: OperatorCall, sent: VerificationWish) -> Problem | None:
    """Send a verification event along a stream, once a minute at most."""
    receiver = receiver_of(call)
    stream = await receiver.find(sent.stream_id)
    if isinstance(stream, StreamRefusal):
        return told(stream)
    if stream.status is StreamStatus.DISABLED:
        return Problem(code=Code.INVALID_REQUEST, detail="the stream is disabled")
    refusal = await verify_stream(receiver, stream, sent.state)
    return told(refusal) if refusal else None


@declare("POST", "/ssf/streams/{stream_id}/poll", takes=Poll, gives=Polled)
async def poll_stream(call: OperatorCall, sent: Poll) -> Polled | Problem:
    """Acknowledge the tokens of the last poll, and give those that wait (RFC 8936)."""
    receiver = receiver_of(call)
    stream = await receiver.find(call.api.request.param("stream_id"))
    if isinstance(stream, StreamRefusal):
        return told(stream)
    if stream.method is not Method.POLL:
        return Problem(code=Code.INVALID_REQUEST, detail="this stream is pushed, and can't be polled")
    await _settle(call, stream, sent)
    most = min(sent.max_events, MOST_IN_A_POLL)
    waiting = (
        await _waiting(call, stream, most)
        if sent.return_immediately or not most
        else await _awaited(call, stream, most)
    )
    signed = {one.set_id: await _signed(call, stream, one) for one in waiting[:most]}
    return Polled(sets=signed, more_available=len(waiting) > most)


async def _settle(call: OperatorCall, stream: Stream, sent: Poll) -> None:
    """Forget what was taken, and what the receiver says that it can't take: it would come for ever."""
    if sent.ack or sent.set_errs:
        errors = sorted({one.err if one.err in ERRORS else "another error" for one in sent.set_errs.values()})
        failure = f"refused: {', '.join(errors)}" if errors else ""
        set_ids = [*sent.ack, *sent.set_errs]
        await call.operator.streams.settle(stream.stream_id, set_ids, call.services.clock.now(), failure=failure)


async def _awaited(call: OperatorCall, stream: Stream, most: int) -> Sequence[SecurityEvent]:
    """Wait a while for something to give; between two looks no connection to the database is held."""
    ticks = asyncio.get_running_loop().time
    until = ticks() + WAIT_FOR
    with SEATS.seat(stream.stream_id) as is_found:
        while not (waiting := await _waiting(call, stream, most)) and is_found and ticks() < until:
            call.api.request.served.is_stream = True
            await asyncio.sleep(LOOK_EVERY)
    return waiting


async def _waiting(call: OperatorCall, stream: Stream, most: int) -> Sequence[SecurityEvent]:
    """Read what waits, and one more to know of; nothing while the stream is paused, also if it is by now."""
    present = await call.operator.streams.find(stream.owner, stream.stream_id)
    if present is None or present.status is not StreamStatus.ENABLED:
        return []
    return await call.operator.streams.waiting(stream.stream_id, most + 1)


async def _signed(call: OperatorCall, stream: Stream, one: SecurityEvent) -> str:
    claims = one.token(call.api.site.base_url, stream.audience)
    return await call.services.signed_tokens.sign(claims, ALGORITHM, kind=TYP)
