"""The one look, every other second, that all pages which stay open in this process share."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from datetime import datetime

from renumber.flows.services import Services
from renumber.flows.support.live import MOST_AT_ONCE, Changes, Mark, Onlooker

LOOK_EVERY = 2.0  # seconds: any process may have written
STREAM_FOR = 12.0  # seconds; the browser opens the next by itself, and no worker waits long when it is to stop
OVER = "event: over\ndata:\n\n"


class Listener:
    """A page that is told of changes after the one that it knows."""

    def __init__(self, onlooker: Onlooker, known: str, since: datetime) -> None:
        self.onlooker = onlooker
        self._known, self._since = known, since
        self._events: asyncio.Queue[str | Exception] = asyncio.Queue()

    def tell(self, mark: Mark | None) -> None:
        """Write down what the page is to hear; nothing to show, and no session, is the end."""
        if mark is None:
            self._events.put_nowait(OVER)
        elif mark.text != self._known:
            is_news = bool(self._known) or mark.at >= self._since
            self._known = mark.text
            self._events.put_nowait(f"id: {mark.text}\n" + ("event: changed\ndata:\n\n" if is_news else "\n"))

    def fail(self, fault: Exception) -> None:
        """End with the fault of the look."""
        self._events.put_nowait(fault)

    async def heard(self) -> AsyncGenerator[str, None]:
        """Give each event, until the session is over, or for as long as a stream lasts."""
        loop = asyncio.get_running_loop()
        until = loop.time() + STREAM_FOR
        event: str | Exception = ""
        while event != OVER:
            try:
                async with asyncio.timeout_at(until):
                    event = await self._events.get()
            except TimeoutError:
                return
            if isinstance(event, Exception):
                raise event
            yield event


class Pulse:
    """Looks for all listeners together, as long as there are any."""

    def __init__(self, changes: Changes, services: Services) -> None:
        self._changes, self._services = changes, services
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._nobody_listens = asyncio.Event()

    @contextmanager
    def listening(self, onlooker: Onlooker, *, known: str, since: datetime) -> Iterator[Listener]:
        """Listen until the block ends; `known` is the mark that the page has seen, else it was made at `since`."""
        listener = Listener(onlooker, known, since)
        self._listeners.add(listener)
        self._nobody_listens.clear()
        if self._looking is None or self._looking.done():
            # In a context of its own: what it reads counts for no request.
            self._looking = asyncio.get_running_loop().create_task(self._look_on(), context=Context())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners:
                self._nobody_listens.set()

    async def look(self) -> None:
        """Look once, and tell every listener what is new to it."""
        now, idle_for = self._services.clock.now(), self._services.rules.limits.idle_for
        present = list(self._listeners)
        for first in range(0, len(present), MOST_AT_ONCE):
            some = present[first : first + MOST_AT_ONCE]
            onlookers = [listener.onlooker for listener in some]
            marks = await self._changes.marks(onlookers, now, idle_since=now - idle_for)
            for listener in some:
                listener.tell(marks.seen_by(listener.onlooker))

    async def _look_on(self) -> None:
        """Look until nobody listens; a look is never cut off in the middle."""
        try:
            while self._listeners:
                await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY):
                        await self._nobody_listens.wait()
        except Exception as fault:  # noqa: BLE001 - it is theirs: each stream ends with it, and the edge writes it down
            for listener in self._listeners:
                listener.fail(fault)
