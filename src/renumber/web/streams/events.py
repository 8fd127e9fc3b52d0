"""Replies that are sent in parts, while somebody reads: events that are waited for, and files that are long."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator
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


class Stream(ASGIResponse):
    """Sends each part as it comes; ends with the last of them, or with whoever reads."""

    _should_set_content_length = False

    def __init__(
        self, parts: AsyncGenerator[str, None], media_type: str, headers: Iterable[tuple[str, str]] = ()
    ) -> None:
        # Proxies must neither keep it nor wait for more of it (nginx reads the second header).
        own = [("cache-control", "no-store"), ("x-accel-buffering", "no")]
        super().__init__(media_type=media_type, headers=[*own, *headers])
        self._parts = parts

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
        async with aclosing(self._parts) as parts:
            async for part in parts:
                await send({"type": "http.response.body", "body": part.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class EventStream(Stream):
    """Sends each event as it comes."""

    def __init__(self, events: AsyncGenerator[str, None]) -> None:
        super().__init__(events, MEDIA_TYPE)


class StreamedFile(Stream):
    """A file that is made while it is sent, for a browser to keep under a name."""

    def __init__(self, parts: AsyncGenerator[str, None], media_type: str, name: str) -> None:
        super().__init__(parts, media_type, [("content-disposition", f'attachment; filename="{name}"')])


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
