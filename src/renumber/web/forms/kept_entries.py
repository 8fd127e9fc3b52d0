"""Fields of a form that came after its session or sign-in was over, kept for this browser until its owner is back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

import msgspec

from renumber.flows.ports.services import Unreadable
from renumber.web import cookies
from renumber.web.access import NO_FORM, Form
from renumber.web.cookies import ENTRY_KEPT_FOR, SetCookie
from renumber.web.request import WebRequest

LONGEST = 64  # characters of a field


class Entry(msgspec.Struct):
    """The fields as they were typed, and the time (seconds since 1970) until which they are given back."""

    until: float
    typed: dict[str, str]


def keep(request: WebRequest, form: Form, now: datetime) -> SetCookie | None:
    """Seal the fields that the route keeps of this form into a cookie."""
    ticket = request.sign_in_ticket or request.session_ticket
    typed = {name: form[name][:LONGEST] for name in request.keeps if form.get(name)}
    if ticket is None or not typed:
        return None
    entry = msgspec.json.encode(Entry((now + ENTRY_KEPT_FOR).timestamp(), typed)).decode()
    sealed = request.site.sealing.seal(entry, _place(request, ticket.account_id))
    return SetCookie(cookies.KEPT_ENTRY, urlsafe_b64encode(sealed).decode(), ENTRY_KEPT_FOR)


def is_kept(request: WebRequest) -> bool:
    """Tell whether this browser keeps an entry, of whichever form and account."""
    return bool(request.cookie(cookies.KEPT_ENTRY))


def kept(request: WebRequest, account_id: str, now: datetime) -> Form:
    """Open what this browser keeps of the form at this address, for the account that typed it."""
    try:
        sealed = urlsafe_b64decode(request.cookie(cookies.KEPT_ENTRY))
        text = request.site.sealing.unseal(sealed, _place(request, account_id))
    except (ValueError, Unreadable):
        return NO_FORM
    entry = msgspec.json.decode(text, type=Entry)
    return entry.typed if now.timestamp() < entry.until else NO_FORM


def _place(request: WebRequest, account_id: str) -> str:
    """Bind it to account, browser and form: moved elsewhere it doesn't open."""
    return f"kept entry:{account_id}:{request.browser_id}:{request.http.url.path}"
