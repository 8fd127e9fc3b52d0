"""The outermost layer holds when all that is inside it fails."""

import asyncio
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest

from renumber.web.edge import Edge, Served, TooSlow, in_time


class Recorder:
    """A server's side of a request, and what the observer was told."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.served: list[Served] = []

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    @contextmanager
    def observe(self, served: Served):
        self.served.append(served)
        yield

    async def ask(self, app: Any) -> None:
        """Let an application answer through the edge."""
        edge = Edge(app, lambda: "0123456789abcdef", self.observe, framed_by=None, timing=False)
        scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": []}
        scope |= {"http_version": "1.1", "headers": [(b"host", b"account.example")]}
        await edge(scope, self.receive, self.send)  # type: ignore[arg-type]  # as small as a scope can be


async def crash_at_once(_scope: Any, _receive: Any, _send: Any) -> None:
    raise RuntimeError("the error page itself failed")


async def crash_half_way(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("the rest is lost")


async def leave(_scope: Any, _receive: Any, _send: Any) -> None:
    raise asyncio.CancelledError


async def test_an_application_that_can_not_even_word_its_error_is_spoken_for() -> None:
    recorder = Recorder()

    await recorder.ask(crash_at_once)

    start, body = recorder.sent
    assert start["status"] == 500
    assert {b"content-security-policy", b"x-request-id", b"cache-control"} <= dict(start["headers"]).keys()
    assert body["body"] == b"Internal Server Error\n"
    assert isinstance(recorder.served[0].fault, RuntimeError)
    assert recorder.served[0].status == 500


async def test_half_an_answer_is_cut_and_never_looks_whole() -> None:
    recorder = Recorder()

    with pytest.raises(RuntimeError):
        await recorder.ask(crash_half_way)

    assert [message["type"] for message in recorder.sent] == ["http.response.start"]
    assert isinstance(recorder.served[0].fault, RuntimeError)


async def test_a_client_that_left_is_noted_as_such() -> None:
    recorder = Recorder()

    with pytest.raises(asyncio.CancelledError):
        await recorder.ask(leave)

    assert recorder.served[0].status == 499


def trickling(pause: float, chunks: int) -> Callable[[], Any]:
    """A body that comes byte by byte."""
    left = iter([*range(chunks, 0, -1), 0])

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": b"x", "more_body": next(left) > 1}

    return receive


async def read(receive: Any) -> bytes:
    """Read a body to its end."""
    body: bytes = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            return body


async def test_a_body_that_trickles_in_is_given_up_however_often_a_byte_comes() -> None:
    begun = asyncio.get_running_loop().time()

    with pytest.raises(TooSlow) as refused:
        await read(in_time(trickling(0.02, 1000), 0.2))

    assert refused.value.status_code == 408
    assert asyncio.get_running_loop().time() - begun < 5


async def test_a_body_in_time_is_whole() -> None:
    assert await read(in_time(trickling(0.0, 5), 10)) == b"xxxxx"


async def test_a_client_may_take_its_time_to_leave_once_its_body_is_whole() -> None:
    receive: Any = in_time(trickling(0.0, 1), 1.0)
    await receive()
    await asyncio.sleep(1.1)

    assert await asyncio.wait_for(receive(), 5)
