"""The two browsers of the page: the person's own, and another, which may be a thief's.

Both share the real one. The cookies of the other are kept under names of their own, which the service never sees.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

OURS = "__Host-"  # what the service's cookies begin with
OTHERS = "__Host-other-"
SHARED = "__Host-language"
CHOSEN = "demo-browser"
Headers = list[tuple[bytes, bytes]]


class Browser(StrEnum):
    """The browser in which the web app is shown."""

    OWN = "own"
    OTHER = "other"

    @property
    def cookie(self) -> str:
        """The Set-Cookie header that makes this the browser."""
        return f"{CHOSEN}={self.value}; Path=/; HttpOnly; SameSite=Lax"

    def asked(self, headers: Headers) -> Headers:
        """The headers of a request as this browser sends them."""
        cookies = cookies_of("; ".join(value.decode("latin-1") for name, value in headers if _is(name, b"cookie")))
        written = "; ".join(f"{name}={value}" for name, value in self._sent(cookies.items()))
        others = [header for header in headers if not _is(header[0], b"cookie")]
        return [*others, (b"cookie", written.encode("latin-1"))] if written else others

    def answered(self, headers: Headers) -> Headers:
        """The headers of an answer, with its cookies kept for this browser."""
        if self is Browser.OWN:
            return headers
        return [(name, _kept_apart(value) if _is(name, b"set-cookie") else value) for name, value in headers]

    def _sent(self, cookies: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
        for name, value in cookies:
            if not name.startswith(OURS) or name == SHARED:
                yield name, value
            elif name.startswith(OTHERS) and self is Browser.OTHER:
                yield OURS + name.removeprefix(OTHERS), value
            elif not name.startswith(OTHERS) and self is Browser.OWN:
                yield name, value


def chosen_browser(cookies: Mapping[str, str]) -> Browser:
    """The browser that was chosen last."""
    return Browser.OTHER if cookies.get(CHOSEN) == Browser.OTHER else Browser.OWN


def cookies_of(header: str) -> dict[str, str]:
    """Read a Cookie header."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def _kept_apart(set_cookie: bytes) -> bytes:
    if set_cookie.startswith(OURS.encode()) and not set_cookie.startswith(f"{SHARED}=".encode()):
        return OTHERS.encode() + set_cookie.removeprefix(OURS.encode())
    return set_cookie


def _is(name: bytes, wanted: bytes) -> bool:
    return name.lower() == wanted
