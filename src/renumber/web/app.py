"""The web application: every page, and what happens when none fits."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from litestar import Litestar
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.response.base import ASGIResponse
from litestar.routes import HTTPRoute

from renumber.web import api, console, health, oidc
from renumber.web.access import Expired, Forged, Malformed
from renumber.web.console.gate import gate_of, is_astray
from renumber.web.edge import Edge, Observer, Served
from renumber.web.exchange import Exchange
from renumber.web.files import device_app, number_formats, static
from renumber.web.formats.country_names import country_options
from renumber.web.forms.returned_forms import Returned
from renumber.web.oidc.routes import OAuthRoute
from renumber.web.pages import (
    account,
    caller,
    code,
    company,
    devices,
    freeze,
    journey,
    language,
    lost,
    method,
    new_number,
    passkey,
    passkey_sign_in,
    password,
    phone_change,
    profile,
    push,
    recovery,
    recovery_codes,
    release,
    sign_in,
    suspended,
    totp,
    wait,
)
from renumber.web.request import HttpRequest, WebRequest
from renumber.web.routes import Route, options_handlers
from renumber.web.site import Site

BODY_LIMIT = 64 * 1024
PAGES: list[Route] = [
    *sign_in.routes,
    *code.routes,
    *method.routes,
    *totp.routes,
    *recovery_codes.routes,
    *lost.routes,
    *passkey.routes,
    *passkey_sign_in.routes,
    *suspended.routes,
    *new_number.routes,
    *wait.routes,
    *profile.routes,
    *account.routes,
    *phone_change.routes,
    *journey.routes,
    *freeze.routes,
    *release.routes,
    *recovery.routes,
    *company.routes,
    *caller.routes,
    *password.routes,
    *language.routes,
    *push.routes,
    *devices.routes,
    *oidc.pages,
]

SHOWN = {page.path for page in PAGES if page.method == "GET"}


def pages_of(site: Site) -> list[Route]:
    """List the pages that this site has; the console is there only where the operator wants it."""
    at_console = [*console.routes, *(console.entrance if site.support.provider else [])]
    return [*PAGES, *(at_console if site.serves_console else [])]


def endpoints_of(site: Site) -> list[OAuthRoute]:
    """List what programs call by OpenID Connect: applications, and the provider that staff come from."""
    of_provider = console.endpoints if site.serves_console and site.support.provider else []
    return [*oidc.endpoints, *of_provider]


class Pages(Litestar):
    """Litestar without its readers of models that we have none of: pydantic alone takes 8 MB of each worker."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]

    def register_all(self, handlers: Iterable[HTTPRouteHandler]) -> None:
        """Register handlers of this application alone, all of a path together, and make the tree of routes once.

        Litestar's `register` lists and checks everything that is there anew for each handler.
        """
        by_path: dict[str, list[HTTPRouteHandler]] = {}
        for handler in handlers:
            handler.owner = self
            handler.on_registration(self)
            for path in handler.paths:
                by_path.setdefault(path, []).append(handler)
        for path, served in by_path.items():
            found = HTTPRoute(path=path, route_handlers=served)
            found.create_handler_map()
            self.routes.append(found)
        self.asgi_router.construct_routing_trie()


def create_app(
    site: Site,
    *,
    observe: Observer,
    unready: health.Unready,
    metrics: health.Metrics | None,
    retry_after: Callable[[Exception], int | None],
    lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]],
    framed_by: str | None = None,
) -> Edge:
    """Build the application; `retry_after` tells a fault that passes (in seconds) from one that doesn't (None)."""
    for each in site.languages:
        country_options(site.services.rules.numbers, each, "")  # made once, before anyone waits for it
    handlers = [
        *(page.handler(site) for page in pages_of(site)),
        *static.handlers(site),
        *device_app.handlers(site),
        number_formats.handler(),
        *api.handlers(api.routes, site),
        *(endpoint.handler(site) for endpoint in endpoints_of(site)),
        *health.handlers(unready, metrics),
    ]
    app = Pages(
        exception_handlers={
            HTTPException: _http_error(site),
            Expired: _expired(site),
            Forged: _erring(site, 403),
            Malformed: _erring(site, 400),
            Exception: _fault(site, retry_after),
        },
        lifespan=[lifespan],
        before_request=gate_of(site),
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_LIMIT,
    )
    app.register_all([*options_handlers(handlers), *handlers])  # with ours, Litestar makes none of its own
    new_id, within = site.services.secrets.new_id, site.body_within
    return Edge(app, new_id, observe, framed_by=framed_by, timing=site.development, body_within=within)


def _erring(site: Site, status: int) -> Any:
    def answer(request: HttpRequest, _error: Exception) -> ASGIResponse:
        return _error_page(site, request, status)

    return answer


def _expired(site: Site) -> Any:
    """Say that the page was too old, lead to it anew, and give back the address that was typed, nothing else."""

    def answer(request: HttpRequest, error: Expired) -> ASGIResponse:
        exchange = Exchange(WebRequest(request, site))
        is_page = (request.route_handler.name or "").partition(" ")[2] in SHOWN
        if is_page and error.form.get("email"):
            exchange.give_back(exchange.request.here, Returned(typed={"email": error.form["email"]}))
        return exchange.page("error.html", status=403, here=exchange.request.here if is_page else None)

    return answer


def _http_error(site: Site) -> Any:
    def answer(request: HttpRequest, error: HTTPException) -> ASGIResponse:
        if error.status_code >= 500:
            Served.of(request.scope).fault = error
        if is_astray(WebRequest(request, site)):
            return _error_page(site, request, 404)
        page = _error_page(site, request, min(500, error.status_code))
        for name, value in (error.headers or {}).items():  # such as Allow
            page.headers.add(name, value)
        return page

    return answer


def _fault(site: Site, retry_after: Callable[[Exception], int | None]) -> Any:
    """Fail closed, with a sentence that says nothing of the inside and an id under which the log has it."""

    def answer(request: HttpRequest, error: Exception) -> ASGIResponse:
        Served.of(request.scope).fault = error
        seconds = retry_after(error)
        return _error_page(site, request, 500 if seconds is None else 503, seconds=seconds)

    return answer


def _error_page(site: Site, request: HttpRequest, status: int, *, seconds: int | None = None) -> ASGIResponse:
    exchange = Exchange(WebRequest(request, site))
    if seconds is not None:
        exchange.retry_at = exchange.now + timedelta(seconds=seconds)
    return exchange.page("error.html", status=status)
