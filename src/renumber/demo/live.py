"""Telling every open page that something has changed."""

import asyncio
from collections.abc import AsyncIterator


class Live:
    """Wakes whoever listens; several changes before a listener is ready are one."""

    def __init__(self) -> None:
        self._ears: set[asyncio.Event] = set()
        self._is_over = False

    def tell(self) -> None:
        """Something has changed."""
        for ear in self._ears:
            ear.set()

    def end(self) -> None:
        """Let every listener go, so that the server can close."""
        self._is_over = True
        self.tell()

    async def listen(self) -> AsyncIterator[None]:
        """Yield at once, and then after every change."""
        ear = asyncio.Event()
        ear.set()
        self._ears.add(ear)
        try:
            while not self._is_over:
                await ear.wait()
                ear.clear()
                yield
        finally:
            self._ears.discard(ear)
