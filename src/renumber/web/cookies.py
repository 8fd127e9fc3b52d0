"""Our cookies: host-only, secure, unreadable by scripts."""

from dataclasses import dataclass
from datetime import timedelta

from renumber.domain.session import Ticket
from renumber.flows.services import Services
from renumber.policies.oidc.lifetimes import REQUEST_FOR

BROWSER = "__Host-browser"
SESSION = "__Host-session"
SIGN_IN = "__Host-sign-in"
RESET = "__Host-reset"
KEPT_ENTRY = "__Host-entry"
TYPED_NUMBER = "__Host-number"
EMAIL = "__Host-email"
RETURNED_FORM = "__Host-form"
NEW_CODES = "__Host-codes"
JOURNEY = "__Host-journey"
LOOKS = "__Host-looks"
STAFF = "__Host-staff"
STAFF_SIGN_IN = "__Host-staff-sign-in"
CALLER = "__Host-caller"
LANGUAGE = "__Host-language"
REQUEST = "__Host-request"
FORGOTTEN_FOR = "__Host-forgotten-for"
TIME_ZONE = "time-zone"

A_YEAR = timedelta(days=365)
ENTRY_KEPT_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SetCookie:
    """One cookie to set; no life at all removes it."""

    name: str
    value: str
    lives_for: timedelta

    def header(self) -> str:
        """The header's value. `__Host-` makes browsers insist on Secure, Path=/ and no Domain (RFC 6265bis 4.1.3.2)."""
        age = int(self.lives_for.total_seconds())
        return f"{self.name}={self.value}; Max-Age={age}; Path=/; Secure; HttpOnly; SameSite=Lax"


def removed(name: str) -> SetCookie:
    """Make the cookie that removes this one."""
    return SetCookie(name, "", timedelta(0))


class SetsCookies:
    """Collects the cookies of one reply."""

    services: Services

    def __init__(self) -> None:
        self._cookies: list[SetCookie] = []

    def set_cookie(self, cookie: SetCookie) -> None:
        """Send a cookie along with the reply."""
        self._cookies.append(cookie)

    @property
    def cookie_headers(self) -> list[tuple[str, str]]:
        """The headers that set them."""
        return [("set-cookie", cookie.header()) for cookie in self._cookies]

    def open_session(self, ticket: Ticket) -> None:
        """Give the browser its session, in place of the sign-in."""
        self.set_cookie(SetCookie(SESSION, ticket.text, self.services.rules.limits.session_for))
        self.set_cookie(removed(SIGN_IN))

    def open_sign_in(self, ticket: Ticket) -> None:
        """Give the browser its place in the sign-in, in place of a session."""
        self.open_sign_in_beside_session(ticket)
        self.set_cookie(removed(SESSION))

    def open_sign_in_beside_session(self, ticket: Ticket) -> None:
        """Give the browser its place in a sign-in that began in its session, which stays until that is done."""
        # It outlives the sign-in, so that a form that comes too late can still be told from a forged one, and is kept.
        lasting = self.services.rules.limits.sign_in_for + ENTRY_KEPT_FOR
        self.set_cookie(SetCookie(SIGN_IN, ticket.text, lasting))

    def lead_on(self, ticket: Ticket, request_id: str) -> None:
        """Remember that this sign-in was begun for a request of an application, and for which."""
        lasting = self.services.rules.limits.sign_in_for + ENTRY_KEPT_FOR
        self.set_cookie(SetCookie(REQUEST, f"{ticket.id}.{request_id}", lasting))

    def come_back_to(self, request_id: str) -> None:
        """Remember, while somebody chooses a new password, which request of an application they wanted to answer."""
        self.set_cookie(SetCookie(FORGOTTEN_FOR, request_id, REQUEST_FOR))

    def forget_sign_in(self) -> None:
        """Remove the cookies of a session and a sign-in that the server has ended."""
        self.set_cookie(removed(SESSION))
        self.set_cookie(removed(SIGN_IN))

    def mark_reset(self, token: str) -> None:
        """Remember that this browser pressed the link."""
        self.set_cookie(SetCookie(RESET, token, self.services.rules.limits.reset_browser_for))
