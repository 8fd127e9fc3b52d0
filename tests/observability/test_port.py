"""The metrics on a port of their own: for this machine only, for whoever asks in time, from any worker."""

import asyncio
import time

from harness.ports import free_port
from renumber.observability.metrics_port import listening


async def exposition() -> tuple[bytes, str]:
    return b"renumber_acts_total 1.0\n", "text/plain; version=1.0.0"


async def ask(port: int, sent: bytes) -> bytes:
    """Send something and read to the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


async def test_the_figures_are_shown() -> None:
    port = free_port()
    async with listening(port, exposition):
        shown = await ask(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")

    head, _, body = shown.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert b"Content-Length: 24" in head
    assert body == b"renumber_acts_total 1.0\n"


async def test_there_is_nothing_else() -> None:
    port = free_port()
    async with listening(port, exposition):
        answers = [await ask(port, line + b"\r\n\r\n") for line in (b"GET / HTTP/1.1", b"POST /metrics HTTP/1.1", b"x")]

    assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 404 Not Found"}


async def test_every_worker_listens_and_one_that_ends_leaves_the_others() -> None:
    port = free_port()
    async with listening(port, exposition):
        async with listening(port, exposition):
            pass

        assert b" 200 " in await ask(port, b"GET /metrics HTTP/1.1\r\n\r\n")


async def test_more_than_a_request_is_cut_off() -> None:
    port = free_port()
    async with listening(port, exposition):
        answer = await ask(port, b"GET /metrics HTTP/1.1\r\nX: " + b"a" * 100_000)

    assert answer == b""


async def test_a_client_that_says_nothing_is_cut_off() -> None:
    port, begun = free_port(), time.monotonic()
    async with listening(port, exposition, within=0.2):
        answer = await ask(port, b"GET /met")

    assert answer == b""
    assert time.monotonic() - begun < 5
