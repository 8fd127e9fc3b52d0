"""The metrics on a port of their own, which only this machine can reach."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus

from renumber.observability import own_port

HOST = "127.0.0.1"

Exposition = Callable[[], Awaitable[tuple[bytes, str]]]


def listening(
    port: int, exposition: Exposition, *, within: float = own_port.WITHIN
) -> AbstractAsyncContextManager[None]:
    """Answer `GET /metrics` while the block runs."""

    async def answer() -> tuple[HTTPStatus, bytes, str]:
        return HTTPStatus.OK, *await exposition()

    return own_port.listening(HOST, port, {b"/metrics": answer}, within=within)
