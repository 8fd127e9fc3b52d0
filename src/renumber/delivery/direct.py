"""A small HTTP client for texts: posts straight to one server over connections that are kept; h11 reads the answers.

It costs a fifth of the general client, which stays where a proxy stands between.
"""

import asyncio
import ssl
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast
from urllib.parse import SplitResult, urlsplit

import h11

from renumber.delivery.channel import Fault
from renumber.delivery.http import MOST_BODY, PLAIN, Answer

CONNECT_WITHIN, ANSWERS_WITHIN = 5.0, 20.0  # seconds
KEPT_FOR, CONNECTIONS = 30.0, 20  # seconds
MOST_HEAD = 100 * 1024  # bytes
TROUBLE = (OSError, TimeoutError, h11.ProtocolError, ssl.SSLError, ValueError)


class _Connection(asyncio.Protocol):
    """One connection, over which one request at a time is asked; whoever speaks unasked is not asked again."""

    def __init__(self) -> None:
        self.talk = h11.Connection(h11.CLIENT, MOST_HEAD)
        self.used_at = 0.0
        self._is_asked = self._is_over = False
        self._more = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer."""
        if not self._is_asked:
            self.close()
        elif not self._is_over:
            self.talk.receive_data(data)
            self._more.set()

    def eof_received(self) -> None:
        """Note that the server has said all."""
        if not self._is_over:
            self._is_over = True
            self.talk.receive_data(b"")
        self._more.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the server is gone."""
        del exc
        self.eof_received()

    @property
    def is_fresh(self) -> bool:
        """Say whether the server listens still, as far as it has said."""
        return not self._is_over and time.monotonic() - self.used_at < KEPT_FOR

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._is_asked = True
        self._transport.write(request)

    async def next_event(self) -> h11.Event:
        """Wait for the next part of the answer."""
        while (event := self.talk.next_event()) is h11.NEED_DATA:
            self._more.clear()
            await self._more.wait()
        assert isinstance(event, h11.Event), "nothing is read beyond the end of an answer"
        return event

    def rest(self) -> bool:
        """Get ready for the next request; False if the server has not said all of its answer, or more than that."""
        states = {self.talk.our_state, self.talk.their_state}
        self._is_asked = False
        if self._is_over or states != {h11.DONE} or self.talk.trailing_data[0]:
            return False
        self.talk.start_next_cycle()
        self.used_at = time.monotonic()
        return True

    def close(self) -> None:
        """Hang up."""
        self._is_over = True
        self._transport.abort()


class DirectClient:
    """Keeps connections to one server, whose certificate is verified; redirects are not followed."""

    def __init__(self, trust: ssl.SSLContext | None = None, *, within: float = ANSWERS_WITHIN) -> None:
        """Give up an answer that isn't whole `within` so many seconds, and its body in half of them."""
        self._trust = trust
        self._within = within
        self._idle: list[_Connection] = []
        self._room = asyncio.Semaphore(CONNECTIONS)

    async def post(
        self, name: str, url: str, body: bytes, *, headers: Mapping[str, str], auth: tuple[str, str] | None
    ) -> Answer:
        """Send one POST request; no answer, or one that comes too slowly, is a fault that may pass."""
        parts = urlsplit(url)
        try:
            async with self._room, asyncio.timeout(self._within), self._connection(parts) as connection:
                connection.ask(_request(connection.talk, parts, body, headers={**headers, **_signed(auth)}))
                return await self._answer(connection)
        except TROUBLE as trouble:
            raise Fault(permanent=False, reason=f"{name}: no answer ({type(trouble).__name__})") from trouble

    async def aclose(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop().close()

    @asynccontextmanager
    async def _connection(self, parts: SplitResult) -> AsyncIterator[_Connection]:
        """Lend a connection that is kept, or a new one; it is kept on only if its answer was read to the end."""
        connection = self._kept() or await self._connect(parts)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if connection.rest():
            self._idle.append(connection)
        else:
            connection.close()

    def _kept(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_fresh:
                return connection
            connection.close()
        return None

    async def _connect(self, parts: SplitResult) -> _Connection:
        is_secret = parts.scheme == "https"
        assert not is_secret or self._trust, "whoever is asked by TLS has to show whom we trust"
        port = parts.port or (443 if is_secret else 80)
        tls, loop = self._trust if is_secret else None, asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_WITHIN):
            _, connection = await loop.create_connection(_Connection, parts.hostname or "", port, ssl=tls)
        return connection

    async def _answer(self, connection: _Connection) -> Answer:
        """Read the status, and the body up to the bound: a status that says enough is not lost by what follows it."""
        event = await connection.next_event()
        while isinstance(event, h11.InformationalResponse):
            event = await connection.next_event()
        if not isinstance(event, h11.Response):
            raise h11.RemoteProtocolError("no answer")
        headers = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
        return Answer(event.status_code, headers, await self._beginning(connection))

    async def _beginning(self, connection: _Connection) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._within / 2):
                while len(body) < MOST_BODY and isinstance(event := await connection.next_event(), h11.Data):
                    body += event.data
        except TROUBLE:
            pass
        return bytes(body[:MOST_BODY])


def _request(talk: h11.Connection, parts: SplitResult, body: bytes, *, headers: Mapping[str, str]) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    every = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "renumber", **PLAIN, **headers}
    head = h11.Request(method="POST", target=target, headers=[*every.items(), ("Content-Length", str(len(body)))])
    return b"".join(filter(None, (talk.send(head), talk.send(h11.Data(body)), talk.send(h11.EndOfMessage()))))


def _signed(auth: tuple[str, str] | None) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(':'.join(auth).encode()).decode()}"} if auth else {}
