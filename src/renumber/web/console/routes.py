"""The addresses of the console, each declared together with the act that a role must be allowed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from litestar.response.base import ASGIResponse

from renumber.flows.ports.store import AccountUnknown
from renumber.policies.support.acts import SupportAct
from renumber.web.access import Access, verified_form
from renumber.web.console.exchange import StaffExchange, admit_staff
from renumber.web.request import WebRequest
from renumber.web.routes import Route

Handler = Callable[[StaffExchange], Awaitable[ASGIResponse]]
Register = Callable[[Handler], Handler]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleRoute(Route):
    """One address of the console, and the act that it does or shows."""

    act: SupportAct


class ConsoleRoutes(list[Route]):
    """The addresses of one module of the console."""

    def show(self, path: str, act: SupportAct) -> Register:
        """Answer GET and HEAD."""
        return self._register("GET", path, act)

    def act(self, path: str, act: SupportAct) -> Register:
        """Answer POST, with a form that was verified before."""
        return self._register("POST", path, act)

    def _register(self, method: str, path: str, act: SupportAct) -> Register:
        def register(handler: Handler) -> Handler:
            async def answer(request: WebRequest) -> ASGIResponse:
                return await _answer(request, act, handler)

            more: Any = {"method": method, "path": path, "access": Access.STAFF, "answer": answer}
            self.append(ConsoleRoute(act=act, **more))
            return handler

        return register


async def _answer(request: WebRequest, act: SupportAct, handler: Handler) -> ASGIResponse:
    entered = await admit_staff(request, act)
    if isinstance(entered, ASGIResponse):
        return entered
    if request.is_post:
        entered.form = await verified_form(request, Access.STAFF)
    try:
        return await handler(entered)
    except AccountUnknown:  # it never was, or it was erased since its page was opened
        return entered.page("console/unknown.html", status=404)
