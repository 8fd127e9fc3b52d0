"""Claim, render, send, settle: how committed messages leave, any number of dispatchers at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from renumber.delivery.backoff import Backoff
from renumber.delivery.channel import Fault, Moot, Rendered, kind_and_place
from renumber.delivery.failover import Gateways
from renumber.delivery.ports import Claimed, Clock, Dead, Expired, Observe, Outbox, Result, Retry, Sent, Settlement
from renumber.domain.message import Message

log = structlog.get_logger()

SHORTEST_REST = 0.1  # seconds: due messages may all be held by other dispatchers
RESULTS = {Sent: Result.SENT, Retry: Result.RETRY, Dead: Result.DEAD, Expired: Result.EXPIRED}


class MessageRenderer(Protocol):
    """Writes messages."""

    def render(self, message: Message, /) -> Rendered:
        """Write a message for its channel."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of sending at once and of waiting; a send is given up well before its claim lapses: none runs twice."""

    at_once: int = 16
    poll_for: timedelta = timedelta(seconds=1)
    claim_for: timedelta = timedelta(seconds=120)
    send_for: timedelta = timedelta(seconds=90)
    stop_for: timedelta = timedelta(seconds=10)


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
        self._claimant = claimant
        self._pace = pace or Pace()
        self._awake = asyncio.Event()
        self._sending: dict[asyncio.Task[None], Claimed] = {}
        self._claiming: asyncio.Task[int] | None = None
        self._is_away = False

    def wake(self) -> None:
        """Look for due messages now, not at the next poll: something was committed."""
        self._awake.set()

    async def run(self) -> None:
        """Send until cancelled; then let sends under way finish, release the other claims, and close."""
        try:
            while True:
                await self._work_once()
        finally:
            await self._stop()

    async def drain(self) -> None:
        """Send all that is due now, and return when it is settled."""
        while await self._claim():
            await self._until_settled()

    async def close(self) -> None:
        """Close the connections to all gateways; `run` does that by itself."""
        await self._gateways.close()

    async def _work_once(self) -> None:
        self._awake.clear()
        try:
            await self._claim()
            self._tell_away(None)
        except Exception as trouble:  # noqa: BLE001 - the edge: a database that is away comes back
            self._tell_away(trouble)
        if len(self._sending) < self._pace.at_once:  # there was room for more than was due
            await self._rest()

    def _tell_away(self, trouble: Exception | None) -> None:
        """Say once that the database is away, and once that it is back: an outage writes no line a second."""
        if trouble and not self._is_away:
            log.error("outbox_unreachable", **kind_and_place(trouble))
        elif self._is_away and trouble is None:
            log.info("outbox_reachable_again")
        self._is_away = trouble is not None

    async def _claim(self) -> int:
        """Take no more than can be sent at once, so that no claim grows old in a queue."""
        while len(self._sending) >= self._pace.at_once:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        # Not broken off by a stop: the database may have committed the claim, and nobody would know what it took.
        self._claiming = asyncio.create_task(self._take())
        return await asyncio.shield(self._claiming)

    async def _take(self) -> int:
        now = self._clock.now()
        room = self._pace.at_once - len(self._sending)
        claimed = await self._outbox.claim(room, self._claimant, now=now, until=now + self._pace.claim_for)
        for each in claimed:
            self._start(each)
        return len(claimed)

    def _start(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._dispatch(claimed))
        self._sending[task] = claimed
        task.add_done_callback(self._sending.pop)

    async def _dispatch(self, claimed: Claimed) -> None:
        """Send and settle one message; whatever goes wrong is logged by ids and tried again."""
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
        return Retry(self._clock.now() + self._backoff.wait_for(claimed.attempts, fault.retry_after), fault.reason)

    def _is_too_late(self, message: Message) -> bool:
        return message.expires_at is not None and self._clock.now() >= message.expires_at

    async def _settle(self, claimed: Claimed, settlement: Settlement) -> None:
        is_ours = await self._outbox.settle(claimed, settlement, self._clock.now())
        result = RESULTS[type(settlement)] if is_ours else Result.LOST
        message = claimed.message
        log.info(
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

    async def _rest(self) -> None:
        """Wait until woken, until the next message is due, or for one poll."""
        try:
            async with asyncio.timeout(await self._pause()):
                await self._awake.wait()
        except TimeoutError:
            return

    async def _pause(self) -> float:
        longest = self._pace.poll_for.total_seconds()
        try:
            due_at = await self._outbox.next_due_at()
        except Exception as trouble:  # noqa: BLE001 - the edge, as above
            self._tell_away(trouble)
            return longest
        return longest if due_at is None else min(longest, max(SHORTEST_REST, _seconds(due_at, self._clock.now())))

    async def _until_settled(self) -> None:
        while self._sending:
            await asyncio.wait(self._sending)

    async def _stop(self) -> None:
        if self._claiming:
            await asyncio.gather(self._claiming, return_exceptions=True)
        if self._sending:
            await asyncio.wait(self._sending, timeout=self._pace.stop_for.total_seconds())
        unsent = dict(self._sending)
        for task in unsent:
            task.cancel()
        await asyncio.gather(*unsent, return_exceptions=True)
        await self._release(list(unsent.values()))
        await self.close()

    async def _release(self, unsent: Sequence[Claimed]) -> None:
        try:
            await self._outbox.release(unsent)
        except Exception as trouble:  # noqa: BLE001 - the edge: what is not given back lapses
            log.error("claims_not_released", **kind_and_place(trouble))


def _seconds(later: datetime, now: datetime) -> float:
    return (later - now).total_seconds()
