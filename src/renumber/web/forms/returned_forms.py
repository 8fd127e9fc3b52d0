"""A refused form, kept in this browser until the page that it belongs to has said why, once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import unquote

import msgspec

from renumber.domain.outcomes import Refusal
from renumber.web import cookies
from renumber.web.cookies import SetCookie
from renumber.web.forms.sealed_cookies import open_sealed, sealed_cookie
from renumber.web.request import WebRequest
from renumber.web.templating import Problem

KEPT_FOR = timedelta(minutes=1)  # the page is opened at once; what came of the form is soon no longer true
LONGEST = 320  # characters of a field
MOST = 3000  # bytes, so that cookie and name stay below the 4096 that browsers keep (RFC 6265 6.1)


class Overtaken(StrEnum):
    """The event that has overtaken a form: a newer sign-in in this browser, or a later step of the same."""

    NEWER_SIGN_IN = "newer_sign_in"
    LATER_STEP = "later_step"


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it is given back: why it was refused, or the fields that lack something, and what was typed.

    `overtaken` says that it wasn't read, since the sign-in is at another place.
    """

    refusal: Refusal | None = None
    problem: Problem | None = None
    lacks: tuple[str, ...] = ()
    overtaken: Overtaken | None = None
    typed: Mapping[str, str] = msgspec.field(default_factory=dict)


NOTHING = Returned()


def returned_form(request: WebRequest, form: Returned, now: datetime, *, path: str, held_by: str) -> SetCookie:
    """Seal a form into a cookie for the page at a path; one with too much in it says only why it was refused."""
    typed = {name: value[:LONGEST] for name, value in form.typed.items()}
    given = msgspec.structs.replace(form, typed=typed)
    if len(msgspec.json.encode(given)) > MOST * 3 // 4:
        given = msgspec.structs.replace(form, typed={})
    place = _place(unquote(path.partition("?")[0]), held_by)
    return sealed_cookie(request, cookies.RETURNED_FORM, given, place=place, now=now, lives_for=KEPT_FOR)


def open_returned(request: WebRequest, held_by: str, now: datetime) -> Returned:
    """Open what this browser was given back for the page at this address."""
    place = _place(request.http.url.path, held_by)
    return open_sealed(request, cookies.RETURNED_FORM, Returned, place=place, now=now) or NOTHING


def _place(path: str, held_by: str) -> str:
    """Bind it to the page, and the session or sign-in."""
    return f"{held_by}:{path}"
