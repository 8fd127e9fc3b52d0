"""Our cookies: host-only, secure, unreadable by scripts."""

from dataclasses import dataclass
from datetime import timedelta

from renumber.domain.session import Ticket

BROWSER = "__Host-browser"
SESSION = "__Host-session"
SIGN_IN = "__Host-sign-in"
RESET = "__Host-reset"
KEPT_ENTRY = "__Host-entry"
TYPED_NUMBER = "__Host-number"
EMAIL = "__Host-email"
RETURNED_FORM = "__Host-form"
LANGUAGE = "__Host-language"
TIME_ZONE = "time-zone"

A_YEAR = timedelta(days=365)


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


def written(ticket: Ticket) -> str:
    """Write a ticket as the value of a cookie."""
    return f"{ticket.account_id}.{ticket.id}.{ticket.token}"


def read(value: str | None) -> Ticket | None:
    """Read the value of a cookie as a ticket; anything else is none."""
    parts = (value or "").split(".")
    if len(parts) != 3 or not all(len(part) == 32 and part.isalnum() and part.isascii() for part in parts):
        return None
    return Ticket(parts[0], parts[1], parts[2])
