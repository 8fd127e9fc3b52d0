"""The reverse proxy in front of both: the page of the demonstration under /demo, and the service everywhere else.

They share an origin, so that the page can see at which address the framed service is, and navigate it.
"""

import asyncio
from collections.abc import Callable

import httpx2
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from renumber.demo.browsers import Headers, chosen_browser, cookies_of

EVENTS = "text/event-stream"
PAGE, GATEWAY = "/demo", "/demo/sms"
BY_ADDRESS = {GATEWAY, "/healthz", "/readyz"}  # programs of this machine ask these
MOST = 1 << 20  # bytes of a body that is passed on
TIMEOUTS = {"connect": 15.0, "read": 30.0, "write": 30.0, "pool": 30.0}  # seconds
HOP_BY_HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"}


class FrontProxy:
    """Answers only to its own host name: another name that resolves to this machine must not read a mailbox."""

    def __init__(
        self, netloc: str, page: ASGIApp, service: ASGIApp, *, listening: str, is_ready: asyncio.Event
    ) -> None:
        self._netloc, self._listening = netloc, listening
        self._page, self._service, self._is_set = page, service, is_ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route a request to the page or to the service."""
        if scope["type"] != ScopeType.HTTP:
            return
        headers = dict(scope["headers"])
        path = scope["path"]
        host = headers.get(b"host", b"").decode("latin-1")
        if host != self._netloc and not (host == self._listening and path in BY_ADDRESS):
            await answer(send, 307, [(b"location", f"http://{self._netloc}{PAGE}".encode())])
            return
        if path != GATEWAY:  # a service that is stopping may still send a text, and must not wait for the next one
            await self._is_set.wait()
        if path != PAGE and not path.startswith(f"{PAGE}/"):
            await self._service(scope, receive, send)
        elif scope["method"] == "POST" and headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"}:
            await answer(send, 403, [])
        else:
            await self._page(scope, receive, send)


class ServiceProxy:
    """Forwards requests to the service, and returns its answers unchanged."""

    def __init__(self, acted: Callable[[], None]) -> None:
        self.target = ""
        self._acted = acted
        # A connection of its own for each request: the service may have been started afresh.
        self._transport = httpx2.AsyncHTTPTransport(
            trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0, max_connections=50)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request."""
        assert scope["type"] == ScopeType.HTTP, "the front proxy lets nothing else through"
        body = await _body(receive)
        if body is None:
            await answer(send, 413, [])
            return
        try:
            response = await self._transport.handle_async_request(self._request(scope, body))
            headers = chosen_browser(_cookies(scope)).answered(_end_to_end(response.headers.raw))
            if response.headers.get("content-type", "").startswith(EVENTS):
                await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
                await _pass_on(response, receive, send)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return
            content = b"".join([chunk async for chunk in response.aiter_raw()])
        except httpx2.TransportError:
            await answer(send, 503, [(b"retry-after", b"2")])
            return
        await answer(send, response.status_code, headers, body=content)
        if scope["method"] not in {"GET", "HEAD"}:
            self._acted()

    def _request(self, scope: HTTPScope, body: bytes) -> httpx2.Request:
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        return httpx2.Request(
            scope["method"],
            f"{self.target}{scope['raw_path'].decode()}{query}",
            headers=chosen_browser(_cookies(scope)).asked(_end_to_end(list(scope["headers"]))),
            content=body,
            extensions={"timeout": TIMEOUTS},
        )


async def _pass_on(response: httpx2.Response, receive: Receive, send: Send) -> None:
    """Pass events on as they come, until either end leaves."""
    tasks = asyncio.ensure_future(_send_each(response, send)), asyncio.ensure_future(_left(receive))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await response.aclose()


async def _send_each(response: httpx2.Response, send: Send) -> None:
    async for chunk in response.aiter_raw():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body; None for one that is too long."""
    body, more = b"", True
    while more and len(body) <= MOST:
        message = await receive()
        if message["type"] != "http.request":
            break
        body, more = body + message["body"], message["more_body"]
    return body if len(body) <= MOST else None


def _cookies(scope: HTTPScope) -> dict[str, str]:
    cookies = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"cookie"]
    return cookies_of("; ".join(cookies))


def _end_to_end(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]


async def answer(send: Send, status: int, headers: Headers, *, body: bytes = b"") -> None:
    """Answer without any page."""
    if not any(name.lower() == b"content-length" for name, _ in headers):
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
