"""The browsers of the page: the person's own, another, which may be a thief's, and one for each who helps.

All share the real one. The cookies of all but the first are kept under other names, which the service never sees.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

OURS = "__Host-"  # what the service's cookies begin with
SHARED = "__Host-language"
CHOSEN = "demo-browser"
Headers = list[tuple[bytes, bytes]]


class Browser(StrEnum):
    """The browser in which the web app is shown."""

    OWN = "own"
    OTHER = "other"
    AGENT = "agent"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    COMPANY = "company"

    @property
    def home(self) -> str:
        """The first page in it of somebody who is signed in."""
        at_console = self in {Browser.AGENT, Browser.REVIEWER, Browser.AUDITOR}
        return "/console" if at_console else "/company" if self is Browser.COMPANY else "/profile"

    @property
    def prefix(self) -> str:
        """The beginning of the names under which its cookies are kept."""
        return OURS if self is Browser.OWN else f"{OURS}{self.value}-"

    @property
    def cookie(self) -> str:
        """The Set-Cookie header that makes this the browser."""
        return f"{CHOSEN}={self.value}; Path=/; HttpOnly; SameSite=Lax"

    def asked(self, headers: Headers) -> Headers:
        """The headers of a request as this browser sends them."""
        cookies = cookies_of("; ".join(value.decode("latin-1") for name, value in headers if _is(name, b"cookie")))
        written = "; ".join(f"{name}={value}" for name, value in self.held(cookies))
        others = [header for header in headers if not _is(header[0], b"cookie")]
        return [*others, (b"cookie", written.encode("latin-1"))] if written else others

    def answered(self, headers: Headers) -> Headers:
        """The headers of an answer, with its cookies kept for this browser."""
        return [
            (name, self.kept(value.decode("latin-1")).encode("latin-1") if _is(name, b"set-cookie") else value)
            for name, value in headers
        ]

    def kept(self, set_cookie: str) -> str:
        """A Set-Cookie header under the name by which the cookie is kept for this browser."""
        is_ours = set_cookie.startswith(OURS) and not set_cookie.startswith(f"{SHARED}=")
        return self.prefix + set_cookie.removeprefix(OURS) if is_ours else set_cookie

    def held(self, cookies: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        """The cookies of this browser among all, by the names that the service knows."""
        for name, value in cookies.items():
            holder = next((each for each in Browser if name.startswith(each.prefix) and each is not Browser.OWN), None)
            if not name.startswith(OURS) or name == SHARED:
                yield name, value
            elif (holder or Browser.OWN) is self:
                yield OURS + name.removeprefix(self.prefix), value


def chosen_browser(cookies: Mapping[str, str]) -> Browser:
    """The browser that was chosen last."""
    chosen = cookies.get(CHOSEN)
    return next((each for each in Browser if each == chosen), Browser.OWN)


def cookies_of(header: str) -> dict[str, str]:
    """Read a Cookie header."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def _is(name: bytes, wanted: bytes) -> bool:
    return name.lower() == wanted
