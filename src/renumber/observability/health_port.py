"""Liveness and readiness on a port of their own, so that clients who hold the pages up don't hold up the probes."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus

from renumber.observability import own_port

TEXT = "text/plain; charset=utf-8"


def listening(host: str, port: int, unready: Callable[[], Awaitable[str]]) -> AbstractAsyncContextManager[None]:
    """Answer `/healthz` and `/readyz` while the block runs."""

    async def answer_health() -> tuple[HTTPStatus, bytes, str]:
        return HTTPStatus.OK, b"ok\n", TEXT

    async def answer_readiness() -> tuple[HTTPStatus, bytes, str]:
        reason = await unready()
        if reason:
            return HTTPStatus.SERVICE_UNAVAILABLE, f"{reason}\n".encode(), TEXT
        return HTTPStatus.OK, b"ready\n", TEXT

    return own_port.listening(host, port, {b"/healthz": answer_health, b"/readyz": answer_readiness})
