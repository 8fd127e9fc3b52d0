"""The outermost layer: a request id, the safety headers, one log line, and no bare error."""

import re
import time
from collections.abc import Callable
from typing import Any, Protocol

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

SAFETY = [
    (
        b"content-security-policy",
        (
            b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            b"form-action 'self'; base-uri 'none'; frame-ancestors %s"
        ),
    ),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
]
NO_STORE = (b"cache-control", b"no-store")
TOKEN_PATHS = re.compile(r"^/(phone-change/link|freeze|sign-in/new-password)/[^/]+")


class Observer(Protocol):
    """Hears of each request when it is done."""

    def __call__(self, request: "Served") -> None: ...


class Served:
    """What is known of a request when it is done; the path holds no token."""

    __slots__ = ("elapsed", "method", "path", "request_id", "status")

    def __init__(self, scope: HTTPScope, request_id: str) -> None:
        self.request_id = request_id
        self.method = scope["method"]
        self.path = masked_path(scope["path"])
        self.status = 500
        self.elapsed = 0.0


def masked_path(path: str) -> str:
    """A path as it may be logged."""
    return TOKEN_PATHS.sub(lambda found: f"/{found.group(1)}/…", path[:200])


class Edge:
    """An ASGI application around ours."""

    def __init__(
        self, app: ASGIApp, new_id: Callable[[], str], observe: Observer, *, framed_by: str | None, timing: bool
    ) -> None:
        self._app, self._new_id, self._observe, self._timing = app, new_id, observe, timing
        frames = (framed_by or "'none'").encode()
        self._headers = [(name, value.replace(b"%s", frames)) for name, value in SAFETY]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = self._new_id()[:12]
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]  # ours
        served = Served(scope, request_id)
        started = time.perf_counter()

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                served.status = message["status"]
                self._secure(message, request_id, time.perf_counter() - started)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        finally:
            served.elapsed = time.perf_counter() - started
            self._observe(served)

    def _secure(self, message: Any, request_id: str, elapsed: float) -> None:
        headers = [*message["headers"], *self._headers, (b"x-request-id", request_id.encode())]
        if not any(name.lower() == b"cache-control" for name, _ in message["headers"]):
            headers.append(NO_STORE)
        if self._timing:
            headers.append((b"server-timing", b"app;dur=%.2f" % (elapsed * 1000)))
        message["headers"] = headers
