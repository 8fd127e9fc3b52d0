"""A port of its own for what machines ask, whatever holds the pages of people up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

WITHIN = 5.0  # seconds for a whole exchange
HEAD = 8 * 1024  # bytes
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
READ = (b"GET", b"HEAD")

Answer = Callable[[], Awaitable[tuple[HTTPStatus, bytes, str]]]  # its status, its body and the body's media type


@asynccontextmanager
async def listening(
    host: str, port: int, answers: Mapping[bytes, Answer], *, within: float = WITHIN
) -> AsyncIterator[None]:
    """Answer these paths while the block runs; every worker listens, and any of them answers for all."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(within):
                writer.write(await _answered(await reader.readuntil(b"\r\n\r\n"), answers))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, port, reuse_port=True, limit=HEAD)
    try:
        yield
    finally:
        server.close()


async def _answered(head: bytes, answers: Mapping[bytes, Answer]) -> bytes:
    method, _, rest = head.partition(b" ")
    answer = answers.get(rest.partition(b" ")[0])
    if method not in READ or answer is None:
        return NOT_FOUND
    status, body, media_type = await answer()
    headers = f"Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    said = f"HTTP/1.1 {status.value} {status.phrase}\r\n{headers}".encode()
    return said + (body if method == b"GET" else b"")
