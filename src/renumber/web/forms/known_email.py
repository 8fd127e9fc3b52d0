"""The address of an account whose number was removed, kept in the browser that pressed for the sign-in after it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import msgspec

from renumber.domain.email_address import EmailAddress
from renumber.flows.ports.services import Unreadable
from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.request import WebRequest


class Known(msgspec.Struct):
    """An address, and the time (seconds since 1970) until which it is filled in."""

    until: float
    email: str


def remember_email(request: WebRequest, email: EmailAddress, now: datetime, *, lives_for: timedelta) -> SetCookie:
    """Seal the address into a cookie that opens in this browser alone."""
    text = msgspec.json.encode(Known((now + lives_for).timestamp(), email.text)).decode()
    sealed = request.site.sealing.seal(text, _place(request))
    return SetCookie(cookies.EMAIL, urlsafe_b64encode(sealed).decode(), lives_for)


def known_email(request: WebRequest, now: datetime) -> str:
    """Give the address that this browser keeps, empty where there is none."""
    try:
        sealed = urlsafe_b64decode(request.cookie(cookies.EMAIL))
        known = msgspec.json.decode(request.site.sealing.unseal(sealed, _place(request)), type=Known)
    except (ValueError, Unreadable):
        return ""
    return known.email if now.timestamp() < known.until else ""


def _place(request: WebRequest) -> str:
    return f"known email:{request.browser_id}"
