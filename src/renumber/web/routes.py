"""A page's address, who may enter there, and the function that answers."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web.access import Access, Expired, verified_form
from renumber.web.admission import admit_anyone, admit_session, admit_sign_in
from renumber.web.exchange import Exchange, SessionExchange, SignInExchange
from renumber.web.forms.other_tabs import of_older_sign_in
from renumber.web.reply import READ, reply
from renumber.web.request import HttpRequest, WebRequest
from renumber.web.shared_signature import Answering
from renumber.web.site import Site

Entered = TypeVar("Entered", bound=Exchange)
Admit = Callable[[WebRequest], Awaitable[Entered | ASGIResponse]]
Handler = Callable[[Entered], Awaitable[ASGIResponse]]
Register = Callable[[Handler[Entered]], Handler[Entered]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address.

    `answer` lets nobody in but whom `access` names, and no post that our own page didn't send; `keeps` are the fields
    of its form that are kept for a person who has to sign in anew first. One that `takes_away` has a page at the same
    address, which asks before.
    """

    method: str
    path: str
    access: Access
    answer: Callable[[WebRequest], Awaitable[ASGIResponse]]
    keeps: tuple[str, ...] = ()
    takes_away: bool = False

    def handler(self, site: Site) -> HTTPRouteHandler:
        """Serve the page on this site."""
        methods: Any = READ if self.method == "GET" else [self.method]

        async def serve(request: HttpRequest) -> ASGIResponse:
            return await self.answer(WebRequest(request, site, keeps=self.keeps))

        return Answering(self.path, http_method=methods, name=f"{self.method} {self.path}")(serve)


class Routes(list[Route]):
    """The addresses of one page's module, each declared together with who may enter."""

    def __init__(self) -> None:
        super().__init__()
        self.for_anyone: Entrance[Exchange] = Entrance(self, Access.ANYONE, admit_anyone)
        self.in_session: Entrance[SessionExchange] = Entrance(self, Access.SESSION, admit_session)
        self.in_sign_in: Entrance[SignInExchange] = Entrance(self, Access.SIGN_IN, admit_sign_in)


class Entrance(Generic[Entered]):
    """Declares routes of one access, whose handlers are given an exchange of its type."""

    def __init__(self, routes: Routes, access: Access, admit: Admit[Entered]) -> None:
        self._routes, self._access, self._admit = routes, access, admit

    def show(self, path: str) -> Register[Entered]:
        """Answer GET and HEAD; such a handler changes nothing but what an application has asked for."""
        return self._register("GET", path)

    def act(self, path: str, *, keeps: tuple[str, ...] = ()) -> Register[Entered]:
        """Answer POST, with a form that was verified before."""
        return self._register("POST", path, keeps=keeps)

    def take_away(self, path: str) -> Register[Entered]:
        """Answer a POST that takes something away, pressed on the page at this same address that says what follows."""
        return self._register("POST", path, takes_away=True)

    def _register(self, method: str, path: str, **more: Any) -> Register[Entered]:
        def register(handler: Handler[Entered]) -> Handler[Entered]:
            async def answer(request: WebRequest) -> ASGIResponse:
                return await self._answer(request, handler)

            self._routes.append(Route(method=method, path=path, access=self._access, answer=answer, **more))
            return handler

        return register

    async def _answer(self, request: WebRequest, handler: Handler[Entered]) -> ASGIResponse:
        """Judge who enters before the post: whoever comes too late is led to the sign-in, and not to an error."""
        exchange = await self._admit(request)
        if isinstance(exchange, ASGIResponse):
            return exchange
        if request.is_post:
            try:
                exchange.form = await verified_form(request, self._access)
            except Expired as expired:
                return of_older_sign_in(exchange, expired)
        return await handler(exchange)


def options_handlers(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Answer OPTIONS with all methods of a path: Litestar's own answer names only those of the first handler there."""
    methods: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            methods.setdefault(path, set()).update(handler.http_methods)
    return [_options_handler(path, sorted(served)) for path, served in methods.items() if "OPTIONS" not in served]


def _options_handler(path: str, served: list[str]) -> HTTPRouteHandler:
    allow = [("allow", ", ".join([*served, "OPTIONS"]))]

    async def serve(request: HttpRequest) -> ASGIResponse:
        return reply(request, b"", "text/plain", status=204, headers=allow)

    return Answering(path, http_method=["OPTIONS"], name=f"OPTIONS {path}", status_code=200)(serve)
