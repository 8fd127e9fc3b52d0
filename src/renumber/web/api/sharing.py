"""Answers that scripts of other origins may read (Fetch Standard, CORS protocol): where no cookie counts."""

from collections.abc import Iterable
from enum import Enum

from litestar.response.base import ASGIResponse

from renumber.web.reply import reply
from renumber.web.request import WebRequest

_PREFLIGHT = "OPTIONS"
_SENT = "authorization, content-type, dpop, idempotency-key, if-none-match"
_READ = "www-authenticate, dpop-nonce, etag, location, ratelimit, ratelimit-policy, retry-after"
_ASKED_AGAIN_AFTER = 600  # seconds


class Origins(Enum):
    """The scripts of other origins that may read what an endpoint answers."""

    NONE = "none"
    OF_PUBLIC_APPLICATIONS = "of_public_applications"
    ALL = "all"


def with_preflight(methods: Iterable[str], origins: Origins) -> list[str]:
    """Give the methods of an address, with the one by which a browser asks before a script of another origin calls."""
    return list(methods) if origins is Origins.NONE else [*methods, _PREFLIGHT]


def preflight(request: WebRequest, methods: Iterable[str], origins: Origins) -> ASGIResponse | None:
    """Answer a browser that asks; None for any other call."""
    if origins is Origins.NONE or request.http.method != _PREFLIGHT:
        return None
    served = ", ".join(methods)
    headers = [
        ("allow", f"{served}, {_PREFLIGHT}"),
        ("access-control-allow-methods", served),
        ("access-control-allow-headers", _SENT),
        ("access-control-max-age", str(_ASKED_AGAIN_AFTER)),
    ]
    return reply(request.http, b"", "text/plain", status=204, headers=headers)


def shared(answer: ASGIResponse, request: WebRequest, origins: Origins) -> ASGIResponse:
    """Let scripts of these origins read an answer; `Access-Control-Allow-Credentials` is never among its headers."""
    if origins is Origins.NONE:
        return answer
    origin = "*" if origins is Origins.ALL else request.header("origin")
    if origins is Origins.OF_PUBLIC_APPLICATIONS:
        answer.headers.add("vary", "origin")
    if origin == "*" or origin in _public_origins(request):
        answer.headers.add("access-control-allow-origin", origin)
        answer.headers.add("access-control-expose-headers", _READ)
    return answer


def _public_origins(request: WebRequest) -> set[str]:
    """The origins of the pages that public applications are called back at: they ask for tokens by a script."""
    applications = request.site.services.joins.current().applications
    uris = [uri for each in applications if each.is_public for uri in each.redirect_uris]
    return {"/".join(uri.split("/", 3)[:3]) for uri in uris if uri.startswith(("https://", "http://"))}
