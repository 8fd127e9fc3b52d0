"""New recovery codes on the way to the page that shows them, once: sealed, and kept by this browser for a minute."""

from datetime import datetime, timedelta

import msgspec

from renumber.web import cookies
from renumber.web.exchange import SessionExchange
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie

KEPT_FOR = timedelta(minutes=1)  # the page is opened at once


class NewCodes(msgspec.Struct, frozen=True):
    """Codes as they are written down, and when they were made."""

    codes: tuple[str, ...]
    made_at: datetime

    def __repr__(self) -> str:
        return "NewCodes(…)"


def keep_new(exchange: SessionExchange, new: NewCodes) -> None:
    """Have this browser keep the codes for the page that is opened next; no other session can open them."""
    name, place, now = cookies.NEW_CODES, exchange.held_by, exchange.now
    exchange.set_cookie(sealed_cookie(exchange.request, name, new, place=place, now=now, lives_for=KEPT_FOR))


def take_new(exchange: SessionExchange) -> NewCodes | None:
    """Open the codes that are to be shown, and have the browser forget them; looking ahead (HEAD) takes nothing."""
    if exchange.request.is_head:
        return None
    new = open_sealed(exchange.request, cookies.NEW_CODES, NewCodes, place=exchange.held_by, now=exchange.now)
    if new:
        exchange.set_cookie(cookies.removed(cookies.NEW_CODES))
    return new
