"""One POST to an address that was judged before: the name is resolved once, and nothing leads elsewhere."""

import ssl
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

import httpx2

from renumber.delivery.channel import Fault
from renumber.delivery.http import Answer, post
from renumber.delivery.public_addresses import Resolve, is_public, look_up

TIMEOUT = httpx2.Timeout(8.0, connect=5.0)  # the whole answer may take twice as long
MOST_ADDRESSES = 3  # of one name, tried one after another
PRIVATE = "it has a private address"
JSON = "application/json"


class PinnedPost:
    """Posts to the very address that was judged, with TLS verified for the name; redirects are not followed.

    No connection is kept: the next one is resolved and judged anew, and none serves another name at the same address.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, resolve: Resolve = look_up, to: str = "webhook") -> None:
        """Call what it posts `to` by this word, in the reasons of its faults."""
        self._tls = tls
        self._resolve = resolve
        self._to = to
        self._opened: httpx2.AsyncClient | None = None

    async def send(self, url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool) -> Answer:
        """Post these bytes, JSON unless the headers say otherwise.

        Raises a Fault if there is no answer, or no address that may be asked.
        """
        parts = urlsplit(url)
        trouble: Fault | None = None
        for address in await self._addresses(parts, allow_private=allow_private):
            try:
                return await self._post(parts, address, body, headers=headers)
            except Fault as fault:
                if not isinstance(fault.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout):
                    raise
                trouble = fault
        raise trouble or Fault(permanent=False, reason=f"{self._to}: no address")

    async def _addresses(self, parts: SplitResult, *, allow_private: bool) -> Sequence[str]:
        """Find all addresses of the host; a single private one among them is enough to ask none."""
        try:
            found = await self._resolve(parts.hostname or "", _port(parts))
        except (OSError, UnicodeError, ValueError) as trouble:
            raise Fault(permanent=False, reason=f"{self._to}: no answer ({type(trouble).__name__})") from trouble
        if not allow_private and not (parts.scheme == "https" and all(map(is_public, found))):
            raise Fault(permanent=False, reason=PRIVATE)
        return found[:MOST_ADDRESSES]

    async def _post(self, parts: SplitResult, address: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        literal = f"[{address}]" if ":" in address else address
        url = parts._replace(netloc=f"{literal}:{_port(parts)}").geturl()
        named = {"Content-Type": JSON, **headers, "Host": parts.netloc}
        extensions = {"sni_hostname": parts.hostname or ""}
        return await post(self._client(), self._to, url, headers=named, content=body, extensions=extensions)

    def _client(self) -> httpx2.AsyncClient:
        """Open the client with the first post: reading all authorities takes its time, and many have no webhook."""
        if self._opened is None:
            limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
            self._opened = httpx2.AsyncClient(
                timeout=TIMEOUT, limits=limits, follow_redirects=False, trust_env=False, verify=self._tls or True
            )
        return self._opened

    async def close(self) -> None:
        """Close the client."""
        if self._opened:
            await self._opened.aclose()


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
