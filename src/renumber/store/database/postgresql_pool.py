"""A pool of PostgreSQL connections from which taking one costs no task, no timer and no round trip."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

_UNUSED_FOR = 300.0  # seconds after which a firewall may have forgotten a connection without a word


class Connections:
    """A bounded pool: the connection used last is lent first, so that the others may be closed by age."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], size: int) -> None:
        self._connect = connect
        self._size = size
        self._lent = 0
        self._idle: list[tuple[Any, float]] = []
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def lend(self) -> Any:
        """Give an open connection, which the caller returns by `take_back` or `drop`."""
        while True:
            connection = self.lend_idle()
            if connection is not None:
                return connection
            if self._lent < self._size:
                return await self._new_one()
            await self._turn()

    def lend_idle(self) -> Any:
        """Give a connection that is open and free, or None if there is none now."""
        connection = self._idle_one()
        self._lent += connection is not None
        return connection

    def take_back(self, connection: Any) -> None:
        """Take a connection back on which nothing is in progress."""
        is_wanted = self._lent <= self._size  # not after `close`
        if connection.is_closed() or connection.is_in_transaction() or not is_wanted:
            self.drop(connection)
        else:
            self._idle.append((connection, time.monotonic()))
            self._free_one()

    def drop(self, connection: Any) -> None:
        """Cut a connection whose state is not known: the server rolls back what was open on it."""
        connection.terminate()
        self._free_one()

    async def close(self) -> None:
        """Close the connections that are not lent; the others are closed when they come back."""
        self._size = 0
        while self._idle:
            await self._idle.pop()[0].close(timeout=5)

    def _idle_one(self) -> Any:
        while self._idle:
            connection, since = self._idle.pop()
            if not connection.is_closed() and time.monotonic() - since < _UNUSED_FOR:
                return connection
            connection.terminate()
        return None

    async def _new_one(self) -> Any:
        self._lent += 1
        try:
            return await self._connect()
        except BaseException:
            self._free_one()
            raise

    def _free_one(self) -> None:
        self._lent -= 1
        self._wake_next()

    async def _turn(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._wake_next()  # it was this one's turn, and it no longer wants it
            raise

    def _wake_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
