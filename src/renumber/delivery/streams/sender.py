"""Pushing security event tokens: any number of senders at once, and one of them along each stream, in its order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

import structlog

from renumber.delivery.channel import Fault, kind_and_place
from renumber.delivery.http import Answer, retry_after
from renumber.delivery.loop import Pace, SendingLoop
from renumber.delivery.ports import Clock
from renumber.delivery.recording import record
from renumber.delivery.streams.ports import Pushes, Signing
from renumber.delivery.webhooks.ports import DeliveryResult, JoinsSource, Observe
from renumber.delivery.webhooks.post import PinnedPost
from renumber.policies.events.signals import SecurityEvent, SignalType
from renumber.policies.events.streams import ALGORITHM, TYP, ClaimedStream, StreamStatus
from renumber.policies.events.webhooks import wait_before_next

log = structlog.get_logger()

MEDIA_TYPE = "application/secevent+jwt"
PACE = Pace(at_once=64, claim_for=timedelta(seconds=90), send_for=timedelta(seconds=60))
BAD_REQUEST = 400
# RFC 8935 2.4, SSF 1.0 8.1.4.1: the token itself isn't taken, however often it comes. All others can be mended.
FINAL = frozenset({"invalid_request", "invalid_state"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPorts:
    """All that a sender works with; `issuer` is who transmits."""

    joins: JoinsSource
    pushes: Pushes
    signing: Signing
    clock: Clock
    issuer: str


class StreamSender:
    """Pushes what waits until it is cancelled; where no key may have a stream, it asks the database nothing."""

    def __init__(
        self,
        ports: StreamPorts,
        post: PinnedPost,
        *,
        observe: Observe,
        dice: Callable[[], float],
        claimant: str,
        pace: Pace = PACE,
    ) -> None:
        self._ports, self._post, self._observe, self._dice, self._pace = ports, post, observe, dice, pace
        source = _Source(ports)
        self._loop = SendingLoop(source, self._dispatch, clock=ports.clock, claimant=claimant, pace=pace)

    def wake(self) -> None:
        """Look for what waits now, not at the next poll."""
        self._loop.wake()

    async def run(self) -> None:
        """Push until cancelled; then let pushes under way finish, release the other claims, and close."""
        try:
            await self._loop.run()
        finally:
            await self.close()

    async def drain(self) -> None:
        """Push all that waits now, and return when it is settled."""
        await self._loop.drain()

    async def close(self) -> None:
        """Close the client; `run` does that by itself."""
        await self._post.close()

    async def _dispatch(self, claimed: ClaimedStream) -> None:
        try:
            await self._push_along(claimed)
        except Exception as trouble:  # noqa: BLE001 - the edge: the claim lapses, and receivers know a token by its jti
            log.error("stream_unsettled", stream=claimed.stream.stream_id, **kind_and_place(trouble))

    async def _push_along(self, claimed: ClaimedStream) -> None:
        """Push what waits, one after another: what comes later is not heard before what it rests on."""
        held: ClaimedStream | None = claimed
        while held and (waiting := await self._ports.pushes.first(held)):
            for one in waiting:
                held = await self._push(held, one)
                if held is None:
                    return
        if held:
            await self._ports.pushes.release([held], self._ports.clock.now())

    async def _push(self, held: ClaimedStream, one: SecurityEvent) -> ClaimedStream | None:
        """Push one token, and settle it; None if nothing more goes along the stream for now."""
        try:
            answer = await self._send(held, one)
        except Fault as fault:
            await self._failed(held, one, fault)
            return None
        if answer.is_success or _is_final(answer):
            still_held = await record(lambda: self._taken(held, one), self._pace)
            result = DeliveryResult.DELIVERED if answer.is_success else DeliveryResult.GIVEN_UP
            self._tell(held, one, result if still_held else DeliveryResult.LOST, reason=f"answered {answer.status}")
            return still_held
        asked_for = retry_after(answer.headers, self._ports.clock.now())
        refused = Fault(permanent=False, reason=f"answered {answer.status}", retry_after=asked_for)
        await self._failed(held, one, refused)
        return None

    async def _taken(self, held: ClaimedStream, one: SecurityEvent) -> ClaimedStream | None:
        return await self._ports.pushes.taken(held, one, self._ports.clock.now() + self._pace.claim_for)

    async def _send(self, held: ClaimedStream, one: SecurityEvent) -> Answer:
        stream = held.stream
        key = self._ports.joins.current().receiver(stream.owner)
        if key is None:  # it left while the stream was claimed
            raise Fault(permanent=False, reason="its API key is not in the joins file")
        token = await self._ports.signing.sign(one.token(self._ports.issuer, stream.audience), ALGORITHM, kind=TYP)
        headers = {"Accept": "application/json", "Content-Type": MEDIA_TYPE}
        if stream.authorization_header:
            headers["Authorization"] = stream.authorization_header
        return await self._post.send(stream.endpoint_url, token.encode(), headers, allow_private=key.allow_private)

    async def _failed(self, held: ClaimedStream, one: SecurityEvent, fault: Fault) -> None:
        """Let the stream rest; after three days it is paused, and what waits along it is kept."""
        now = self._ports.clock.now()
        wait = wait_before_next(held.attempts + 1, self._dice, fault.retry_after)
        if wait is None:
            told = _paused(held, fault.reason, now)
            is_ours = await record(lambda: self._ports.pushes.pause(held, fault.reason, told), self._pace)
            log.error("stream_paused", stream=held.stream.stream_id, reason=fault.reason)
            if is_ours:
                await self._say(held, told)
        else:
            at = now + wait
            is_ours = await record(lambda: self._ports.pushes.failed(held, fault.reason, now=now, at=at), self._pace)
        result = DeliveryResult.RETRY if wait else DeliveryResult.SWITCHED_OFF
        self._tell(held, one, result if is_ours else DeliveryResult.LOST, reason=fault.reason)

    async def _say(self, held: ClaimedStream, told: SecurityEvent) -> None:
        """Push that the stream is paused, once and ahead of what waits (SSF 1.0 8.1.5); not taken, it waits with it."""
        try:
            answer = await self._send(held, told)
        except Fault:
            return
        if answer.is_success:
            await self._ports.pushes.told(told)

    def _tell(self, held: ClaimedStream, one: SecurityEvent, result: DeliveryResult, *, reason: str) -> None:
        log.info(
            "security_event_settled",
            event_id=one.event_id or None,
            account_id=one.event.account_id if one.event else None,
            stream=held.stream.stream_id,
            attempt=held.attempts + 1,
            result=result.value,
            reason=reason,
        )
        self._observe(f"stream of {held.stream.owner}", result)


def _is_final(answer: Answer) -> bool:
    said = answer.json() if answer.status == BAD_REQUEST else None
    return isinstance(said, dict) and said.get("err") in FINAL


def _paused(held: ClaimedStream, reason: str, now: datetime) -> SecurityEvent:
    return SecurityEvent(
        set_id=token_hex(16),
        stream_id=held.stream.stream_id,
        type=SignalType.STREAM_UPDATED,
        issued_at=now,
        claims={"status": StreamStatus.PAUSED.value, "reason": reason},
    )


class _Source:
    """Streams along which something waits."""

    def __init__(self, ports: StreamPorts) -> None:
        self._ports = ports

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[ClaimedStream]:
        """Take streams that nobody pushes along, as far as there is room."""
        owners = self._ports.joins.current().receivers
        return await self._ports.pushes.claim(owners, limit, claimant, now=now, until=until) if owners else []

    async def release(self, claimed: Sequence[ClaimedStream], /) -> None:
        """Give claims back, for a graceful stop."""
        await self._ports.pushes.release(claimed, self._ports.clock.now())
