"""Claim, render, send, settle: how committed messages leave, any number of dispatchers at once."""

import asyncio
from collections.abc import Sequence
from logging import ERROR, INFO
from typing import Protocol

import structlog

from renumber.delivery.backoff import Backoff
from renumber.delivery.channel import Fault, Moot, Rendered, kind_and_place
from renumber.delivery.failover import Gateways
from renumber.delivery.loop import Pace, SendingLoop
from renumber.delivery.ports import Claimed, Clock, Dead, Expired, Observe, Outbox, Result, Retry, Sent, Settlement
from renumber.delivery.recording import record
from renumber.domain.messages.message import Message, Reservation

log = structlog.get_logger()

RESULTS = {Sent: Result.SENT, Retry: Result.RETRY, Dead: Result.DEAD, Expired: Result.EXPIRED}


class MessageRenderer(Protocol):
    """Writes messages."""

    def render(self, message: Message, /) -> Rendered:
        """Write a message for its channel."""


class Dispatcher:
    """Sends what is due until it is cancelled."""

    def __init__(
        self,
        outbox: Outbox,
        renderer: MessageRenderer,
        gateways: Gateways,
        *,
        clock: Clock,
        observe: Observe,
        backoff: Backoff,
        claimant: str,
        pace: Pace | None = None,
    ) -> None:
        self._outbox = outbox
        self._renderer = renderer
        self._gateways = gateways
        self._clock = clock
        self._observe = observe
        self._backoff = backoff
        self._pace = pace or Pace()
        self._loop = SendingLoop(outbox, self._dispatch, clock=clock, claimant=claimant, pace=self._pace)

    def wake(self) -> None:
        """Look for due messages now, not at the next poll: something was committed."""
        self._loop.wake()

    def reserve(self, messages: Sequence[Message]) -> Reservation | None:
        """Claim those of the messages that are due, before they are committed; None if there is no room for them."""
        now = self._clock.now()
        due = [message for message in messages if message.created_at <= now]
        kept = self._loop.reserve(len(due)) if due else None
        if kept is None:
            return None
        claim, until = kept
        return Reservation(tuple(Claimed(message=one, attempts=0, claim=claim, provider=0) for one in due), until)

    def send(self, reservation: Reservation) -> None:
        """Send what was reserved: it is committed."""
        self._loop.send_own(reservation.claimed, reservation.until)

    def give_back(self, reservation: Reservation) -> None:
        """Give up the claims on what was reserved: nobody knows whether it was committed."""
        self._loop.give_back(reservation.claimed)

    async def run(self) -> None:
        """Send until cancelled; then let sends under way finish, release the other claims, and close."""
        try:
            await self._loop.run()
        finally:
            await self.close()

    async def drain(self) -> None:
        """Send all that is due now, and return when it is settled."""
        await self._loop.drain()

    async def close(self) -> None:
        """Close the connections to all gateways; `run` does that by itself."""
        await self._gateways.close()

    async def _dispatch(self, claimed: Claimed) -> None:
        """Send and settle one message; what can't be settled until its claim lapses is logged, and goes out again."""
        try:
            await self._settle(claimed, await self._outcome(claimed))
        except Exception as trouble:  # noqa: BLE001 - the edge: its claim lapses, and its id keeps it single
            log.error("message_unsettled", message_id=claimed.message.message_id, **kind_and_place(trouble))

    async def _outcome(self, claimed: Claimed) -> Settlement:
        if self._is_too_late(claimed.message):
            return Expired()
        try:
            return await self._sent(claimed)
        except Moot:
            return Expired()
        except Fault as fault:
            return self._after(claimed, fault)
        except Exception as trouble:  # noqa: BLE001 - the edge: no message is lost by a mistake
            log.error("message_failed", message_id=claimed.message.message_id, **kind_and_place(trouble))
            return self._after(claimed, Fault(permanent=False, reason=f"unexpected {type(trouble).__name__}"))

    async def _sent(self, claimed: Claimed) -> Sent:
        rendered = self._renderer.render(claimed.message)
        async with asyncio.timeout(self._pace.send_for.total_seconds()):
            return Sent(await self._gateways.send(rendered, claimed.provider))

    def _after(self, claimed: Claimed, fault: Fault) -> Settlement:
        if fault.permanent:
            return Dead(fault.reason)
        if self._backoff.is_last(claimed.attempts):
            return Dead(f"given up: {fault.reason}")
        at = self._clock.now() + self._backoff.wait_for(claimed.attempts, fault.retry_after)
        return Retry(at, fault.reason, fault.needs_operator)

    def _is_too_late(self, message: Message) -> bool:
        return message.expires_at is not None and self._clock.now() >= message.expires_at

    async def _settle(self, claimed: Claimed, settlement: Settlement) -> None:
        now = self._clock.now()
        is_ours = await record(lambda: self._outbox.settle(claimed, settlement, now), self._pace)
        result = _result_of(settlement) if is_ours else Result.LOST
        message = claimed.message
        log.log(
            ERROR if result is Result.BLOCKED else INFO,
            "message_settled",
            message_id=message.message_id,
            account_id=message.account_id,
            channel=message.channel.value,
            notice=message.notice.value,
            attempt=claimed.attempts + 1,
            result=result.value,
            reason=getattr(settlement, "reason", None),
        )
        self._observe(message.channel, message.notice, result)


def _result_of(settlement: Settlement) -> Result:
    if isinstance(settlement, Retry) and settlement.needs_operator:
        return Result.BLOCKED
    return RESULTS[type(settlement)]
