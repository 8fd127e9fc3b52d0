"""Sending to many receivers at once: claimed for each by itself, so that a slow one holds up no other."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import structlog

from renumber.delivery.channel import kind_and_place
from renumber.delivery.loop import Pace, SendingLoop
from renumber.delivery.ports import Clock

log = structlog.get_logger()

T = TypeVar("T")
AT_ONCE_TO_ONE = 4  # to one receiver: a slow one fills these places and no other's
PACE = Pace(at_once=256, claim_for=timedelta(seconds=90), send_for=timedelta(seconds=60))


class Queue(Protocol[T]):
    """All that waits for receivers, each of which has a name."""

    async def due_at(self, receiver: str, /) -> datetime | None:
        """Give the time at which the next one for a receiver can be claimed; None if none waits."""

    async def claim(
        self, receiver: str, limit: int, claimant: str, /, *, now: datetime, until: datetime
    ) -> Sequence[T]:
        """Take what is due for one receiver, or whose claim has lapsed; locked ones are skipped."""

    async def release(self, claimed: Sequence[T], now: datetime, /) -> None:
        """Give claims back unsent for a graceful stop."""


class Receivers(Protocol):
    """The receivers that can be sent to by now, and what has to be done before anything waits for them."""

    async def prepare(self, now: datetime) -> None:
        """Let what is due by now wait for its receivers."""

    async def open(self) -> Sequence[str]:
        """Give the names of all receivers that can be sent to."""


class ToReceivers(Generic[T]):
    """Sends what is due until it is cancelled; `send` sends and settles one, and `receiver_of` names who gets it."""

    def __init__(
        self,
        receivers: Receivers,
        queue: Queue[T],
        *,
        send: Callable[[T], Awaitable[None]],
        receiver_of: Callable[[T], str],
        clock: Clock,
        claimant: str,
        pace: Pace = PACE,
    ) -> None:
        self._receivers, self._queue, self._clock = receivers, queue, clock
        self._send, self._receiver_of = send, receiver_of
        self._under_way: Counter[str] = Counter()
        self._loop = SendingLoop(self, self._dispatch, clock=clock, claimant=claimant, pace=pace)

    def wake(self) -> None:
        """Look for what is due now, not at the next poll: something was committed."""
        self._loop.wake()

    async def run(self) -> None:
        """Send until cancelled; then let sends under way finish, and release the other claims."""
        await self._loop.run()

    async def drain(self) -> None:
        """Send all that is due now, and return when it is settled."""
        await self._loop.drain()

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[T]:
        """Take what is due for each receiver, as far as it has room; what was taken before a failure is given back."""
        await self._receivers.prepare(now)
        claimed: list[T] = []
        try:
            for receiver in await self._receivers.open():
                room = min(limit - len(claimed), self._room(receiver))
                if room > 0 and await self._is_due(receiver, now):
                    claimed += await self._queue.claim(receiver, room, claimant, now=now, until=until)
        except Exception:
            await self.release(claimed)
            raise
        return claimed

    async def release(self, claimed: Sequence[T], /) -> None:
        """Give claims back unsent."""
        await self._queue.release(claimed, self._clock.now())

    def _room(self, receiver: str) -> int:
        return AT_ONCE_TO_ONE - self._under_way[receiver]

    async def _is_due(self, receiver: str, now: datetime) -> bool:
        due_at = await self._queue.due_at(receiver)
        return due_at is not None and due_at <= now

    async def _dispatch(self, claimed: T) -> None:
        """Send and settle one; whatever goes wrong is logged by its kind, and tried again once the claim lapses."""
        receiver = self._receiver_of(claimed)
        self._under_way[receiver] += 1
        try:
            await self._send(claimed)
        except Exception as trouble:  # noqa: BLE001 - the edge: nothing is lost by a mistake
            log.error("delivery_unsettled", **kind_and_place(trouble))
        finally:
            self._under_way[receiver] -= 1
            self._loop.wake()  # there is room for another one to this receiver
