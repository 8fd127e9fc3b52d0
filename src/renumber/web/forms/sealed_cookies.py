"""A value that one browser keeps for us: sealed to its place, and forgotten after a time."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from renumber.flows.ports.services import Unreadable
from renumber.web.cookies import SetCookie
from renumber.web.request import WebRequest

Value = TypeVar("Value")


def sealed_cookie(
    request: WebRequest, name: str, value: object, *, place: str, now: datetime, lives_for: timedelta
) -> SetCookie:
    """Seal a value into a cookie of this name; in another browser, or for another place, it doesn't open."""
    text = msgspec.json.encode(((now + lives_for).timestamp(), value)).decode()
    sealed = request.site.sealing.seal(text, _bound(request, name, place))
    return SetCookie(name, urlsafe_b64encode(sealed).decode(), lives_for)


def open_sealed(request: WebRequest, name: str, kind: type[Value], *, place: str, now: datetime) -> Value | None:
    """Open a cookie; None if there is none, its time is over, or another version wrote what this one can't read."""
    try:
        sealed = urlsafe_b64decode(request.cookie(name))
        text = request.site.sealing.unseal(sealed, _bound(request, name, place))
        until, value = msgspec.json.decode(text, type=tuple[float, kind])  # type: ignore[valid-type]  # made at run time
    except (ValueError, Unreadable):
        return None
    return value if now.timestamp() < until else None


def _bound(request: WebRequest, name: str, place: str) -> str:
    return f"{name}:{request.browser_id}:{place}"
