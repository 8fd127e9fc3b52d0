"""The loop behind all sending: claim what is due, send some at once, rest, and give claims back at the end."""

import asyncio
import contextvars
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Generic, Protocol, TypeVar

import structlog

from renumber.delivery.channel import kind_and_place
from renumber.delivery.ports import Clock

log = structlog.get_logger()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pace:
    """Limits of sending at once and of waiting; a send is given up well before its claim lapses: none runs twice."""

    at_once: int = 16
    poll_for: timedelta = timedelta(seconds=1)
    claim_for: timedelta = timedelta(seconds=120)
    send_for: timedelta = timedelta(seconds=90)
    stop_for: timedelta = timedelta(seconds=10)
    kept_free: int = 4  # of the places at once: for what waits, however much this process has of its own


class Source(Protocol[T]):
    """All that waits to be sent."""

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[T]:
        """Take what is due and unclaimed, or whose claim has lapsed; locked ones are skipped."""

    async def release(self, claimed: Sequence[T], /) -> None:
        """Give claims back unsent for a graceful stop; those that were settled or lost stay as they are."""


class SendingLoop(Generic[T]):
    """Hands over what is due until it is cancelled; `send` sends and settles one, and lets no fault out."""

    def __init__(
        self,
        source: Source[T],
        send: Callable[[T], Awaitable[None]],
        *,
        clock: Clock,
        claimant: str,
        pace: Pace | None = None,
    ) -> None:
        self._source = source
        self._send = send
        self._clock = clock
        self._claimant = claimant
        self._pace = pace or Pace()
        self._awake = asyncio.Event()
        self._sending: dict[asyncio.Task[None], T] = {}
        self._claiming: asyncio.Task[int] | None = None
        self._is_away = False
        self._reserved = 0
        self._to_give_back: list[T] = []
        self._giving_back: set[asyncio.Task[None]] = set()
        self._context: contextvars.Context | None = None  # of the loop while it runs: no send belongs to a request

    def wake(self) -> None:
        """Look for what is due now, not at the next poll: something was committed."""
        self._awake.set()

    async def run(self) -> None:
        """Send until cancelled; then let sends under way finish, and release the other claims."""
        self._context = contextvars.copy_context()
        try:
            while True:
                await self._work_once()
        finally:
            self._context = None
            await self._stop()

    def reserve(self, count: int) -> tuple[str, datetime] | None:
        """Keep places for what is about to be committed, and give its claim and when that lapses; None if full.

        What is reserved is either sent by `send_own` or given up by `give_back`.
        """
        if self._context is None or count > self._room - self._pace.kept_free:
            return None
        self._reserved += count
        return f"{self._claimant_here} {token_hex(8)}", self._clock.now() + self._pace.claim_for

    def send_own(self, claimed: Sequence[T], until: datetime) -> None:
        """Send what was reserved and is committed by now, unless the loop has ended or the claim is too old."""
        if self._context is None or self._clock.now() + self._pace.send_for > until:
            self.give_back(claimed)
            return
        self._reserved -= len(claimed)
        for each in claimed:
            self._start(each)

    def give_back(self, claimed: Sequence[T]) -> None:
        """Give up what was reserved, and the claims on it in case that it was committed.

        A database that is away just then is asked again at each poll.
        """
        self._reserved -= len(claimed)
        self._to_give_back.extend(claimed)
        if self._context is not None:
            self.wake()
            return
        task = asyncio.create_task(self._release([]))
        self._giving_back.add(task)
        task.add_done_callback(self._giving_back.discard)

    async def drain(self) -> None:
        """Send all that is due now, and return when it is settled."""
        while await self._claim():
            await self._until_settled()

    async def _work_once(self) -> None:
        self._awake.clear()
        try:
            await self._release_given_back()
            await self._claim()
            self._tell_away(None)
        except Exception as trouble:  # noqa: BLE001 - the edge: a database that is away comes back
            self._tell_away(trouble)
        if self._room > 0:  # there was room for more than was due
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
        while self._room <= 0:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        # Not broken off by a stop: the database may have committed the claim, and nobody would know what it took.
        self._claiming = asyncio.create_task(self._take())
        return await asyncio.shield(self._claiming)

    async def _take(self) -> int:
        now = self._clock.now()
        claimed = await self._source.claim(self._room, self._claimant_here, now=now, until=now + self._pace.claim_for)
        for each in claimed:
            self._start(each)
        return len(claimed)

    @property
    def _room(self) -> int:
        return self._pace.at_once - len(self._sending) - self._reserved

    @property
    def _claimant_here(self) -> str:
        return f"{self._claimant} {os.getpid()}"  # a worker is forked with the name of its server

    def _start(self, claimed: T) -> None:
        task = asyncio.create_task(self._sent(claimed), context=self._context and self._context.copy())
        self._sending[task] = claimed
        task.add_done_callback(self._sending.pop)

    async def _sent(self, claimed: T) -> None:
        await self._send(claimed)

    async def _rest(self) -> None:
        """Wait until woken, or for one poll: what is tried again may well be a second late."""
        try:
            async with asyncio.timeout(self._pace.poll_for.total_seconds()):
                await self._awake.wait()
        except TimeoutError:
            return

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
        await asyncio.gather(*unsent, *self._giving_back, return_exceptions=True)
        await self._release(list(unsent.values()))

    async def _release_given_back(self) -> None:
        """Release what was given back, so that whoever asks first may take it; after a fault it waits on."""
        while self._to_give_back:
            given_back = list(self._to_give_back)
            await self._source.release(given_back)
            del self._to_give_back[: len(given_back)]

    async def _release(self, unsent: Sequence[T]) -> None:
        """Release these and all that was given back, once, at the end."""
        given_back, self._to_give_back = self._to_give_back, []
        try:
            await self._source.release([*unsent, *given_back])
        except Exception as trouble:  # noqa: BLE001 - the edge: what is not given back lapses
            log.error("claims_not_released", **kind_and_place(trouble))
