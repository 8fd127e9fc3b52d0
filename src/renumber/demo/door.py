"""The one door: the demonstration's page under /demo, and everything else as the service answers it.

Both share an origin, so that the page can say at which address the web app is, and lead it back and forth.
"""

import asyncio

import httpx2
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

PAGE, GATEWAY = "/demo", "/demo/sms"
WITHOUT_A_NAME = {GATEWAY, "/healthz", "/readyz"}  # whoever asks these is a program on this machine
MOST = 1 << 20  # bytes of a body that is passed on
PATIENCE = {"connect": 2.0, "read": 30.0, "write": 30.0, "pool": 30.0}  # seconds
OF_ONE_CONNECTION = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"}
Headers = list[tuple[bytes, bytes]]


class Door:
    """Answers only to its own name: another site's name that leads to this machine must not read a mailbox."""

    def __init__(self, netloc: str, page: ASGIApp, service: ASGIApp, *, listening: str, is_set: asyncio.Event) -> None:
        self._netloc, self._listening = netloc, listening
        self._page, self._service, self._is_set = page, service, is_set

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request to where it belongs."""
        if scope["type"] != ScopeType.HTTP:
            return
        headers = dict(scope["headers"])
        path = scope["path"]
        called = headers.get(b"host", b"").decode("latin-1")
        if called != self._netloc and not (called == self._listening and path in WITHOUT_A_NAME):
            await _answer(send, 307, [(b"location", f"http://{self._netloc}{PAGE}".encode())])
            return
        if path != GATEWAY:  # an ending service may still send a text, and must not wait for the next one
            await self._is_set.wait()
        if path != PAGE and not path.startswith(f"{PAGE}/"):
            await self._service(scope, receive, send)
        elif scope["method"] == "POST" and headers.get(b"sec-fetch-site", b"none") not in {b"none", b"same-origin"}:
            await _answer(send, 403, [])
        else:
            await self._page(scope, receive, send)


class Passage:
    """Hands a request on to the service, and its answer back, as they are."""

    def __init__(self) -> None:
        self.leads_to = ""
        # A connection of its own for each request: the service may have been started afresh.
        self._transport = httpx2.AsyncHTTPTransport(
            trust_env=False, limits=httpx2.Limits(max_keepalive_connections=0, max_connections=50)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request."""
        assert scope["type"] == ScopeType.HTTP, "the door lets nothing else through"
        body = await _body(receive)
        if body is None:
            await _answer(send, 413, [])
            return
        try:
            response = await self._transport.handle_async_request(self._request(scope, body))
            content = b"".join([chunk async for chunk in response.aiter_raw()])
        except httpx2.TransportError:
            await _answer(send, 503, [(b"retry-after", b"2")])
            return
        await _answer(send, response.status_code, _lasting(response.headers.raw), body=content)

    def _request(self, scope: HTTPScope, body: bytes) -> httpx2.Request:
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        return httpx2.Request(
            scope["method"],
            f"{self.leads_to}{scope['raw_path'].decode()}{query}",
            headers=_lasting(list(scope["headers"])),
            content=body,
            extensions={"timeout": PATIENCE},
        )


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None for one that is too long."""
    body, more = b"", True
    while more and len(body) <= MOST:
        message = await receive()
        if message["type"] != "http.request":
            break
        body, more = body + message["body"], message["more_body"]
    return body if len(body) <= MOST else None


def _lasting(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name.lower() not in OF_ONE_CONNECTION]


async def _answer(send: Send, status: int, headers: Headers, *, body: bytes = b"") -> None:
    if not any(name.lower() == b"content-length" for name, _ in headers):
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
