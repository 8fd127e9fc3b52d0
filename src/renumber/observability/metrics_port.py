"""The metrics on a port of their own, which only this machine can reach."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

HOST = "127.0.0.1"
WITHIN = 5.0  # seconds for a whole exchange
HEAD = 8 * 1024  # bytes
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Exposition = Callable[[], Awaitable[tuple[bytes, str]]]


@asynccontextmanager
async def listening(port: int, exposition: Exposition, *, within: float = WITHIN) -> AsyncIterator[None]:
    """Answer `GET /metrics` while the block runs; every worker listens, and any of them answers for all."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(within):
                writer.write(await _answered(await reader.readuntil(b"\r\n\r\n"), exposition))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, HOST, port, reuse_port=True, limit=HEAD)
    try:
        yield
    finally:
        server.close()


async def _answered(head: bytes, exposition: Exposition) -> bytes:
    if head.split(b" ", 2)[:2] != [b"GET", b"/metrics"]:
        return NOT_FOUND
    body, media_type = await exposition()
    headers = f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return b"HTTP/1.1 200 OK\r\n" + headers.encode() + body
