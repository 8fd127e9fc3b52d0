"""The address of an account whose number was removed, kept in the browser that pressed for the sign-in after it."""

from datetime import datetime, timedelta

from renumber.domain.email_address import EmailAddress
from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie
from renumber.web.request import WebRequest


def remember_email(request: WebRequest, email: EmailAddress, now: datetime, *, lives_for: timedelta) -> SetCookie:
    """Seal the address into a cookie that opens in this browser alone."""
    return sealed_cookie(request, cookies.EMAIL, email.text, place="", now=now, lives_for=lives_for)


def known_email(request: WebRequest, now: datetime) -> str:
    """Give the address that this browser keeps, empty where there is none."""
    return open_sealed(request, cookies.EMAIL, str, place="", now=now) or ""
