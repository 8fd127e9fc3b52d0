"""The notification of every open page that something has changed."""

import asyncio
from collections.abc import AsyncIterator


class Broadcast:
    """Wakes all listeners; several changes before a listener is ready count as one."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self._is_over = False

    def notify(self) -> None:
        """Wake every listener."""
        for listener in self._listeners:
            listener.set()

    def end(self) -> None:
        """End every listener, so that the server can close."""
        self._is_over = True
        self.notify()

    async def listen(self) -> AsyncIterator[None]:
        """Yield at once, and then after every change."""
        listener = asyncio.Event()
        listener.set()
        self._listeners.add(listener)
        try:
            while not self._is_over:
                await listener.wait()
                listener.clear()
                yield
        finally:
            self._listeners.discard(listener)
