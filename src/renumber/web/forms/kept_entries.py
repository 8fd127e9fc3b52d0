"""Fields of a form that came after its session or sign-in was over, kept for this browser until its owner is back."""

from datetime import datetime

from renumber.web import cookies
from renumber.web.access import NO_FORM, Form
from renumber.web.cookies import ENTRY_KEPT_FOR, SetCookie
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie
from renumber.web.request import WebRequest

LONGEST = 64  # characters of a field


def keep(request: WebRequest, form: Form, now: datetime) -> SetCookie | None:
    """Seal the fields that the route keeps of this form into a cookie."""
    ticket = request.sign_in_ticket or request.session_ticket
    typed = {name: form[name][:LONGEST] for name in request.keeps if form.get(name)}
    if ticket is None or not typed:
        return None
    place = _place(request, ticket.account_id)
    return sealed_cookie(request, cookies.KEPT_ENTRY, typed, place=place, now=now, lives_for=ENTRY_KEPT_FOR)


def is_kept(request: WebRequest) -> bool:
    """Tell whether this browser keeps an entry, of whichever form and account."""
    return bool(request.cookie(cookies.KEPT_ENTRY))


def kept(request: WebRequest, account_id: str, now: datetime) -> Form:
    """Open what this browser keeps of the form at this address, for the account that typed it."""
    place = _place(request, account_id)
    return open_sealed(request, cookies.KEPT_ENTRY, dict[str, str], place=place, now=now) or NO_FORM


def _place(request: WebRequest, account_id: str) -> str:
    return f"{account_id}:{request.http.url.path}"
