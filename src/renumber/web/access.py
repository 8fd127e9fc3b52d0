"""The access that a route declares, and the proof that our own page sent a post."""

import hmac
from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from urllib.parse import parse_qsl

from renumber.flows.ports.services import KeyedHash
from renumber.web.request import WebRequest

FIELDS = 16
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - the name of a header
Form = Mapping[str, str]
NO_FORM: Form = MappingProxyType({})


class Access(Enum):
    """The declaration of a route: open to anyone, to a session, a sign-in in progress, a device, an API key, staff,
    a company's administrator, or a person by an access token or by a session of ours."""

    ANYONE = "anyone"
    SESSION = "session"
    SIGN_IN = "sign_in"
    DEVICE = "device"
    API_KEY = "api_key"
    PERSON = "person"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


class Forged(Exception):
    """A post that our own page didn't send."""


class Expired(Forged):
    """A post that our own page may have sent, before its token or this browser's cookies went.

    `form` is what stands in it, if the browser vouches that it comes from a page of ours.
    """

    def __init__(self, form: Form = NO_FORM) -> None:
        super().__init__()
        self.form = form


class Malformed(Exception):
    """A body that no form of ours could have made."""


async def verified_form(request: WebRequest, access: Access) -> Form:
    """Read the fields of a posted form, once it's certain that our own page sent it."""
    fields = _fields(request.header("content-type"), await request.http.body())
    _check_sender(request)
    _check_token(request, fields, csrf_tokens(request, access))
    return MappingProxyType({name: value.replace("\x00", "") for name, value in fields.items()})


def _fields(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Malformed
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict"))
    except ValueError:
        raise Malformed from None


def check_own_script(request: WebRequest, *, acts: bool) -> None:
    """Make certain that a script of a page of ours makes a call with our cookies; one that acts sends a form token."""
    _check_sender(request)
    if acts:
        _check_token(request, {"csrf": request.header(TOKEN_HEADER)}, csrf_tokens(request, Access.SESSION))


def _check_sender(request: WebRequest) -> None:
    """The browser's own word and the token both have to fit (ASVS 3.5).

    An `Origin: null` is what our own `Referrer-Policy: no-referrer` makes of it, so it neither helps nor harms.
    """
    site, origin = request.header("sec-fetch-site", "same-origin"), request.header("origin", "null")
    if site != "same-origin" or origin not in ("null", request.origin):
        raise Forged


def _check_token(request: WebRequest, fields: Form, fitting: Sequence[str]) -> None:
    token = fields.get("csrf", "")
    if any(hmac.compare_digest(token.encode(), fit.encode()) for fit in fitting):
        return
    raise Expired(fields if request.header("sec-fetch-site") == "same-origin" else NO_FORM)


def csrf_tokens(request: WebRequest, access: Access) -> list[str]:
    """List the tokens that a route of this access believes; its own pages carry the first."""
    secrets, bound_to = request.site.services.secrets, _bindings(request, access)
    values = [f"{request.browser_id}\x1f{binding}" for binding in bound_to]
    return [key.hex()[:32] for value in values for key in secrets.fingerprints(KeyedHash.CSRF, value)]


def _bindings(request: WebRequest, access: Access) -> Sequence[str]:
    """A page for anyone is bound to the browser alone: it may stay open while another window signs in or out."""
    ticket, staff = request.session_ticket or request.sign_in_ticket, request.staff_ticket
    if access is Access.STAFF and staff:
        return [staff.id]
    own = [ticket.id] if ticket else []
    return own if own and access is not Access.ANYONE else ["", *own, *([staff.id] if staff else [])]
