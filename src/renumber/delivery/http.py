"""The HTTP client of all SMS providers and push services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpcore2  # noqa: F401 -- httpx2 would load it with the first client, in each worker again
import httpx2

from renumber.delivery.channel import Fault

TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
POOL = httpx2.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0)
ASK_AGAIN = frozenset({408, 425, 429})


def open_client(*, through_proxy: bool) -> httpx2.AsyncClient:
    """Open a pooled client with verified TLS; redirects are not followed, or the text would follow them."""
    return httpx2.AsyncClient(timeout=TIMEOUT, limits=POOL, follow_redirects=False, trust_env=through_proxy)


async def post(client: httpx2.AsyncClient, name: str, url: str, **request: object) -> httpx2.Response:
    """Send one POST request; no answer is a fault that may pass."""
    try:
        return await client.post(url, **request)  # type: ignore[arg-type]  # json=, form= or headers= of our own callers
    except httpx2.HTTPError as trouble:
        raise Fault(permanent=False, reason=f"{name}: no answer ({type(trouble).__name__})") from trouble


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> timedelta | None:
    """Parse the wait that the provider asks for, in seconds or until a date (RFC 9110 §10.2.3)."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return timedelta(seconds=int(asked))
    try:
        at = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(at - (now or parsedate_to_datetime(headers.get("date", asked))), timedelta())
