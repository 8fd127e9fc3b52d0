"""The outermost layer: a request id, the safety headers, bounds on what comes in, and no bare error."""

import asyncio
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any, cast

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send

from renumber.domain.outcomes import Refusal

SAFETY = [
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "  # noqa: ISC004
        b"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors %s",
    ),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
]
OWN_ORIGIN = "'self'"
NO_STORE = (b"cache-control", b"no-store")
HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")  # RFC 3986 3.2.2, as far as DNS has it
PROBED = frozenset({"/healthz", "/readyz"})
MOST_TARGET = 4 * 1024  # bytes of path and query
MOST_HEADERS = 16 * 1024  # bytes of names and values
BODY_WITHIN = 15.0  # seconds
UNMATCHED = "unmatched"
CLIENT_LEFT = 499  # nobody waits for the answer any more


class Served:
    """Notes on a request for logs and metrics; none of them is its path, which may hold a token.

    `form_action` is the one origin to which forms of the answer lead, by default our own.
    """

    __slots__ = (
        "account_id",
        "acts",
        "elapsed",
        "fault",
        "form_action",
        "is_stream",
        "method",
        "refusal",
        "request_id",
        "route",
        "spent",
        "status",
    )

    def __init__(self, method: str, request_id: str) -> None:
        self.request_id = request_id
        self.method = method
        self.route = UNMATCHED
        self.status = CLIENT_LEFT
        self.elapsed = 0.0  # seconds
        self.account_id: str | None = None
        self.acts: list[str] = []
        self.refusal: Refusal | None = None
        self.fault: Exception | None = None
        self.form_action = OWN_ORIGIN
        self.is_stream = False  # waits for something to happen: its time says nothing of ours
        self.spent: dict[str, float] = {}  # what of it went where, in seconds; filled in development only

    @classmethod
    def of(cls, scope: Scope) -> "Served":
        """The notes on the request of this scope."""
        return cast(Served, scope["served"])  # type: ignore[typeddict-item]  # put there by the Edge


Observer = Callable[[Served], AbstractContextManager[None]]


class TooSlow(HTTPException):
    """A body that trickles in for too long."""

    status_code = 408


class Edge:
    """An ASGI application around ours; `observe` is open for as long as a request is served."""

    def __init__(
        self,
        app: ASGIApp,
        new_id: Callable[[], str],
        observe: Observer,
        *,
        framed_by: str | None,
        timing: bool,
        body_within: float = BODY_WITHIN,
    ) -> None:
        self._app, self._new_id, self._observe, self._timing = app, new_id, observe, timing
        self._body_within = body_within
        frames = (framed_by or "'none'").encode()
        self._headers = [(name, value.replace(b"%s", frames)) for name, value in SAFETY]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and note how it went."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        served = Served(scope["method"], self._new_id()[:12])
        scope["served"] = served  # type: ignore[typeddict-unknown-key]  # ours
        started = time.perf_counter()
        with self._observe(served):
            try:
                await self._answer(scope, in_time(receive, self._body_within), self._safely(send, served, started))
            finally:
                served.route = scope.get("path_template", UNMATCHED)
                if not served.is_stream:
                    served.elapsed = time.perf_counter() - started

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Let the application answer; what it can't is answered without it, as long as nothing was sent yet."""
        served = Served.of(scope)
        refused = _too_much(scope) or _astray(scope)
        if refused:
            await _answer_barely(send, refused)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            served.fault = error
            if served.status != CLIENT_LEFT:
                raise  # so that the server cuts the connection: half an answer must not look whole
            await _answer_barely(send, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _safely(self, send: Send, served: Served, started: float) -> Send:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                served.status = message["status"]
                served.elapsed = time.perf_counter() - started
                self._secure(message, served)
            await send(message)

        return send_safely

    def _safety(self, form_action: str) -> list[tuple[bytes, bytes]]:
        """The headers of every answer, which lets forms lead to one origin alone."""
        if form_action == OWN_ORIGIN:
            return self._headers
        elsewhere = f"form-action {form_action};".encode()
        return [(name, value.replace(b"form-action 'self';", elsewhere)) for name, value in self._headers]

    def _secure(self, message: Any, served: Served) -> None:
        headers = [
            *message["headers"],
            *self._safety(served.form_action),
            (b"x-request-id", served.request_id.encode()),
        ]
        if not any(name.lower() == b"cache-control" for name, _ in message["headers"]):
            headers.append(NO_STORE)
        if self._timing:
            headers.append((b"server-timing", _timings({"app": served.elapsed, **served.spent})))
        message["headers"] = headers


def _timings(seconds: dict[str, float]) -> bytes:
    return ", ".join(f"{name};dur={spent * 1000:.2f}" for name, spent in seconds.items()).encode()


def _too_much(scope: HTTPScope) -> HTTPStatus | None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > MOST_TARGET:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADERS:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    return None


def _astray(scope: HTTPScope) -> HTTPStatus | None:
    """Refuse a request for no host or for several: what stands before us may have read another (RFC 9112 3.2).

    Only HTTP/1.0 needs no host, and the probes of a load balancer may go without one. The server in front of this layer
    gives an empty host for a missing one, and of an address with a host of its own only the path; nothing here depends
    on either.
    """
    hosts = [value for name, value in scope["headers"] if name.lower() == b"host"] or [b""]
    may_be_missing = scope["http_version"] != "1.1" or scope["path"] in PROBED
    if hosts == [b""]:
        return None if may_be_missing else HTTPStatus.BAD_REQUEST
    return None if len(hosts) == 1 and HOST.fullmatch(hosts[0]) else HTTPStatus.BAD_REQUEST


async def _answer_barely(send: Send, status: HTTPStatus) -> None:
    """Answer a client that no page of ours sent, or when no page can be made."""
    body = f"{status.phrase}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def in_time(receive: Receive, within: float) -> Receive:
    """Give up a body that trickles in for so many seconds, so that a slow client holds nothing for long."""
    until: float | None = None
    is_whole = False

    async def receive_in_time() -> HTTPReceiveMessage:
        nonlocal until, is_whole
        if is_whole:
            return cast(HTTPReceiveMessage, await receive())
        until = until or asyncio.get_running_loop().time() + within
        try:
            async with asyncio.timeout_at(until):
                message = cast(HTTPReceiveMessage, await receive())
        except TimeoutError:
            raise TooSlow from None
        is_whole = not message.get("more_body", False)
        return message

    return cast(Receive, receive_in_time)
