"""Liveness and readiness on a port of their own, so that clients who hold the pages up don't hold up the probes."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus

from renumber.observability import own_port

TEXT = "text/plain; charset=utf-8"


def listening(host: str, port: int, is_ready: Callable[[], Awaitable[bool]]) -> AbstractAsyncContextManager[None]:
    """Answer `/healthz` and `/readyz` while the block runs."""

    async def answer_health() -> tuple[HTTPStatus, bytes, str]:
        return HTTPStatus.OK, b"ok\n", TEXT

    async def answer_readiness() -> tuple[HTTPStatus, bytes, str]:
        if await is_ready():
            return HTTPStatus.OK, b"ready\n", TEXT
        return HTTPStatus.SERVICE_UNAVAILABLE, b"the database does not answer\n", TEXT

    return own_port.listening(host, port, {b"/healthz": answer_health, b"/readyz": answer_readiness})
