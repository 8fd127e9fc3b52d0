"""A refused form, kept in this browser until the page that it belongs to has said why, once."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import unquote

import msgspec

from renumber.domain.outcomes import Refusal
from renumber.flows.ports.services import Unreadable
from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.request import WebRequest
from renumber.web.templating import Problem

KEPT_FOR = timedelta(minutes=1)  # the page is opened at once; what came of the form is soon no longer true
LONGEST = 320  # characters of a field
MOST = 3000  # bytes, so that cookie and name stay below the 4096 that browsers keep (RFC 6265 6.1)


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it is given back: why it was refused, or the fields that lack something, and what was typed."""

    until: float = 0.0  # seconds since 1970
    refusal: Refusal | None = None
    problem: Problem | None = None
    lacks: tuple[str, ...] = ()
    typed: Mapping[str, str] = msgspec.field(default_factory=dict)


NOTHING = Returned()


def returned_form(request: WebRequest, form: Returned, *, path: str, held_by: str) -> SetCookie:
    """Seal a form into a cookie for the page at a path; one with too much in it says only why it was refused."""
    typed = {name: value[:LONGEST] for name, value in form.typed.items()}
    text = msgspec.json.encode(msgspec.structs.replace(form, typed=typed))
    if len(text) > MOST * 3 // 4:
        text = msgspec.json.encode(msgspec.structs.replace(form, typed={}))
    sealed = request.site.sealing.seal(text.decode(), _place(request, unquote(path.partition("?")[0]), held_by))
    return SetCookie(cookies.RETURNED_FORM, urlsafe_b64encode(sealed).decode(), KEPT_FOR)


def open_returned(request: WebRequest, held_by: str, now: datetime) -> Returned:
    """Open what this browser was given back for the page at this address."""
    try:
        sealed = urlsafe_b64decode(request.cookie(cookies.RETURNED_FORM))
        text = request.site.sealing.unseal(sealed, _place(request, request.http.url.path, held_by))
    except (ValueError, Unreadable):
        return NOTHING
    form = msgspec.json.decode(text, type=Returned)
    return form if now.timestamp() < form.until else NOTHING


def _place(request: WebRequest, path: str, held_by: str) -> str:
    """Bind it to the browser, the page, and the session or sign-in: moved elsewhere it doesn't open."""
    return f"returned form:{held_by}:{request.browser_id}:{path}"
