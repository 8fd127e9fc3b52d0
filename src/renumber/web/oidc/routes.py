"""An endpoint for applications: its address, who may call it from another origin, and the function that answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web.access import Access
from renumber.web.api.sharing import Origins, preflight, shared, with_preflight
from renumber.web.oidc.call import OAuthCall
from renumber.web.request import HttpRequest, WebRequest
from renumber.web.shared_signature import Answering
from renumber.web.site import Site

Endpoint = Callable[[OAuthCall], Awaitable[ASGIResponse]]


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
        methods: Any = with_preflight(self.methods, self.origins)

        async def serve(request: HttpRequest) -> ASGIResponse:
            call = OAuthCall(WebRequest(request, site))
            asked = preflight(call.request, self.methods, self.origins)
            return shared(asked or await self._answer(call), call.request, self.origins)

        return Answering(self.path, http_method=methods, name=f"oauth {self.path}", status_code=200)(serve)

    async def _answer(self, call: OAuthCall) -> ASGIResponse:
        return call.too_large() if await call.body() is None else await self.answer(call)


class OAuthRoutes(list[OAuthRoute]):
    """The addresses of one part of the provider."""

    def answers(self, methods: str, path: str, origins: Origins = Origins.NONE) -> Callable[[Endpoint], Endpoint]:
        """Answer these methods, separated by spaces; with scripts of other origins comes their preflight."""

        def register(endpoint: Endpoint) -> Endpoint:
            self.append(OAuthRoute(methods=tuple(methods.split()), path=path, origins=origins, answer=endpoint))
            return endpoint

        return register
