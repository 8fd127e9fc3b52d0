"""Server-sent events: a reply that waits for something, for a while, and leaves when nobody listens any more."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

from litestar.response.base import ASGIResponse
from litestar.types import Receive, Send

from renumber.web.request import EVENTS

MEDIA_TYPE = EVENTS


class Seats:
    """A bound on the listeners of this process, and on those for the same thing; whoever finds no seat comes again."""

    def __init__(self, most: int, *, for_the_same: int) -> None:
        self._most, self._for_the_same = most, for_the_same
        self._taken: Counter[str] = Counter()

    @contextmanager
    def seat(self, about: str) -> Iterator[bool]:
        """Take a seat, if there is one, and give it back at the end."""
        if self._taken.total() >= self._most or self._taken[about] >= self._for_the_same:
            yield False
            return
        self._taken[about] += 1
        try:
            yield True
        finally:
            self._taken[about] -= 1
            self._taken += Counter()  # forgets those at zero


class EventStream(ASGIResponse):
    """Sends each event as it comes; ends with the last of them, or with the listener."""

    _should_set_content_length = False

    def __init__(self, events: AsyncGenerator[str, None]) -> None:
        # Proxies must neither keep it nor wait for more of it (nginx reads the second header).
        headers = [("cache-control", "no-store"), ("x-accel-buffering", "no")]
        super().__init__(media_type=MEDIA_TYPE, headers=headers)
        self._events = events

    async def send_body(self, send: Send, receive: Receive) -> None:
        """Send until the end, unless the listener leaves first."""
        sending, leaving = asyncio.ensure_future(self._send_all(send)), asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            outcomes = await asyncio.gather(sending, leaving, return_exceptions=True)
        if isinstance(outcomes[0], Exception):
            raise outcomes[0]

    async def _send_all(self, send: Send) -> None:
        async with aclosing(self._events) as events:
            async for event in events:
                await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
