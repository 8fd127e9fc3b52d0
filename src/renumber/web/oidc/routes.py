"""An endpoint for applications: its address, who may call it from another origin, and the function that answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from litestar import route
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web.access import Access
from renumber.web.oidc.call import OAuthCall
from renumber.web.reply import reply
from renumber.web.request import HttpRequest, WebRequest
from renumber.web.site import Site

Endpoint = Callable[[OAuthCall], Awaitable[ASGIResponse]]


class Origins(Enum):
    """The scripts of other origins that may read what an endpoint answers (Fetch, CORS)."""

    NONE = "none"
    OF_PUBLIC_APPLICATIONS = "of_public_applications"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthRoute:
    """One address, and its methods; whoever calls it is nobody until the endpoint has read what they show."""

    methods: tuple[str, ...]
    path: str
    origins: Origins
    answer: Endpoint
    access: Access = Access.ANYONE

    def handler(self, site: Site) -> HTTPRouteHandler:
        """Serve this endpoint on a site."""
        methods: Any = self.methods if self.origins is Origins.NONE else [*self.methods, "OPTIONS"]

        async def serve(request: HttpRequest) -> ASGIResponse:
            call = OAuthCall(WebRequest(request, site))
            answer = await self._answer(call)
            for name, value in _shared(call, self.origins):
                answer.headers.add(name, value)
            return answer

        return route(self.path, http_method=methods, name=f"oauth {self.path}", status_code=200)(serve)

    async def _answer(self, call: OAuthCall) -> ASGIResponse:
        if call.request.http.method == "OPTIONS":
            return _preflight(call)
        return call.too_large() if await call.body() is None else await self.answer(call)


class OAuthRoutes(list[OAuthRoute]):
    """The addresses of one part of the provider."""

    def answers(self, methods: str, path: str, origins: Origins = Origins.NONE) -> Callable[[Endpoint], Endpoint]:
        """Answer these methods, separated by spaces; with scripts of other origins comes their preflight."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.append(OAuthRoute(methods=tuple(methods.split()), path=path, origins=origins, answer=endpoint))
            return endpoint

        return register


def _preflight(call: OAuthCall) -> ASGIResponse:
    headers = [
        ("access-control-allow-methods", "GET, POST"),
        ("access-control-allow-headers", "authorization, content-type, dpop"),
        ("access-control-max-age", "600"),
    ]
    return reply(call.request.http, b"", "text/plain", status=204, headers=headers)


def _shared(call: OAuthCall, origins: Origins) -> list[tuple[str, str]]:
    """Let scripts of these origins read the answer; no cookie ever counts here, so that none is let through."""
    origin = call.request.header("origin")
    if origins is Origins.NONE or not origin:
        return []
    if origins is Origins.OF_PUBLIC_APPLICATIONS and origin not in _public_origins(call):
        return []
    allowed = "*" if origins is Origins.ALL else origin
    return [("access-control-allow-origin", allowed), ("access-control-expose-headers", "www-authenticate"), VARY]


VARY = ("vary", "origin")


def _public_origins(call: OAuthCall) -> set[str]:
    """The origins of the pages that public applications are called back at: they ask for tokens by a script."""
    applications = call.services.joins.current().applications
    uris = [uri for each in applications if each.is_public for uri in each.redirect_uris]
    return {"/".join(uri.split("/", 3)[:3]) for uri in uris if uri.startswith(("https://", "http://"))}
