"""The HTTP client of all that we ask for something: whatever they answer is bounded, and at worst a fault."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Protocol

import httpcore2  # noqa: F401 -- httpx2 would load it with the first client, in each worker again
import httpx2

from renumber.delivery.channel import Fault

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
POOL = httpx2.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0)
ASK_AGAIN = frozenset({408, 425, 429})
MOST_BODY = 64 * 1024  # bytes; headers are bounded by the client to 100 KiB
LONGEST_WAIT = timedelta(days=1)
LONGEST_DATE = 64  # characters
PLAIN = {"Accept-Encoding": "identity"}  # a few bytes must not unfold into gigabytes


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a server: its status, its headers, and the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """True if the server has taken the request."""
        return 200 <= self.status < 300

    @property
    def is_client_error(self) -> bool:
        """True if the same request would be refused again."""
        return 400 <= self.status < 500

    @property
    def is_server_error(self) -> bool:
        """True if the server is at fault."""
        return 500 <= self.status < 600

    def json(self) -> object:
        """Parse the body; None if it is none that can be read."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def open_client(*, through_proxy: bool) -> httpx2.AsyncClient:
    """Open a pooled client with verified TLS; redirects are not followed, or the text would follow them."""
    return httpx2.AsyncClient(
        timeout=TIMEOUT, limits=POOL, follow_redirects=False, trust_env=through_proxy, verify=trusted()
    )


class TextClient(Protocol):
    """A client of a gateway of texts."""

    async def post(
        self, name: str, url: str, body: bytes, /, *, headers: Mapping[str, str], auth: tuple[str, str] | None
    ) -> Answer:
        """Send one POST request; no answer, or one that comes too slowly, is a fault that may pass."""

    async def aclose(self) -> None:
        """Close the connections that are kept."""


class ProxiedClient:
    """The general client as a gateway of texts uses it: where a proxy stands between, or an address isn't ASCII."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def post(
        self, name: str, url: str, body: bytes, *, headers: Mapping[str, str], auth: tuple[str, str] | None
    ) -> Answer:
        """Send one POST request."""
        return await post(self._client, name, url, content=body, headers=headers, auth=auth)

    async def aclose(self) -> None:
        """Close the connections that are kept."""
        await self._client.aclose()


@cache
def trusted() -> ssl.SSLContext:
    """Read the authorities that are trusted, once for all clients: it takes 60 ms."""
    return httpx2.create_ssl_context()


async def post(
    client: httpx2.AsyncClient, name: str, url: str, *, headers: Mapping[str, str] | None = None, **request: object
) -> Answer:
    """Send one POST request; no answer, or one that comes too slowly, is a fault that may pass."""
    begun = client.stream("POST", url, headers={**PLAIN, **(headers or {})}, **request)  # type: ignore[arg-type]  # json=, data= or content= of our own callers
    return await _answered(client, name, begun)


async def get(client: httpx2.AsyncClient, name: str, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """Send one GET request, by the same rules."""
    return await _answered(client, name, client.stream("GET", url, headers={**PLAIN, **(headers or {})}))


async def _answered(
    client: httpx2.AsyncClient, name: str, begun: AbstractAsyncContextManager[httpx2.Response]
) -> Answer:
    try:
        async with asyncio.timeout(_whole(client)), begun as response:
            return Answer(response.status_code, response.headers, await _beginning(response, _whole(client) / 2))
    except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as trouble:
        raise Fault(permanent=False, reason=f"{name}: no answer ({type(trouble).__name__})") from trouble


def _whole(client: httpx2.AsyncClient) -> float:
    """Give the seconds for a whole answer: a byte now and then must not hold up the next gateway."""
    return 2 * (client.timeout.read or TIMEOUT.read or 0)


async def _beginning(response: httpx2.Response, within: float) -> bytes:
    """Read the body up to the bound: the status has said what matters, and only a refusal's body is looked at."""
    body = bytearray()
    try:
        async with asyncio.timeout(within):
            async for part in response.aiter_raw():
                body += part
                if len(body) >= MOST_BODY:
                    break
    except (httpx2.HTTPError, TimeoutError):
        pass
    return bytes(body[:MOST_BODY])


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """Parse the wait that the provider asks for, in seconds or until a date (RFC 9110 §10.2.3).

    What can't be read is absent, and no wait is longer than a day: a header must not stop what comes after it.
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdecimal():
        seconds = asked.lstrip("0") or "0"
        return min(timedelta(seconds=int(seconds[:6])), LONGEST_WAIT) if len(seconds) <= 6 else LONGEST_WAIT
    until, since = _date(asked), now or _date(headers.get("date", ""))
    return min(max(until - since, timedelta()), LONGEST_WAIT) if until and since else None


def _date(text: str) -> datetime | None:
    """Parse a date in any of the forms of HTTP; one without a zone is UTC (RFC 9110 §5.6.7, RFC 5322 §3.3)."""
    if len(text) > LONGEST_DATE:
        return None
    try:
        at = parsedate_to_datetime(text)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
