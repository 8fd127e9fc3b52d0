"""The web application: every page, and what happens when none fits."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Litestar, Request, route
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from renumber.web import doors, operations, statics
from renumber.web.country_names import country_options
from renumber.web.edge import Edge, Observer
from renumber.web.exchange import Exchange, Forged, Malformed, Shop, WebRequest
from renumber.web.pages import code, freeze, home, language, lift, number, password, phone_change, sign_in
from renumber.web.routes import Route

BODY_LIMIT = 64 * 1024
PAGES: list[Route] = [
    *sign_in.routes,
    *code.routes,
    *lift.routes,
    *number.routes,
    *home.routes,
    *phone_change.routes,
    *freeze.routes,
    *password.routes,
    *language.routes,
]

Fault = type[Exception]


def create_app(
    shop: Shop,
    *,
    observe: Observer,
    is_ready: operations.Ready,
    metrics: operations.Metrics | None,
    retry_after: Callable[[Exception], int | None],
    lifespan: Callable[[Litestar], AbstractAsyncContextManager[None]],
    framed_by: str | None = None,
) -> Edge:
    """Build the application; `retry_after` tells a fault that passes (in seconds) from one that doesn't (None)."""
    for language in shop.languages:
        country_options(shop.house.rules.numbers, language, "")  # made once, before anyone waits for it
    app = Litestar(
        route_handlers=[*_handlers(shop), *statics.handlers(shop), *operations.handlers(is_ready, metrics)],
        exception_handlers={
            NotFoundException: _erring(shop, 404),
            MethodNotAllowedException: _erring(shop, 405),
            HTTPException: _http_error(shop),
            Forged: _erring(shop, 403),
            Malformed: _erring(shop, 400),
            Exception: _fault(shop, retry_after),
        },
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=BODY_LIMIT,
    )
    return Edge(app, shop.house.secrets.new_id, observe, framed_by=framed_by, timing=shop.development)


def _handlers(shop: Shop) -> Sequence[HTTPRouteHandler]:
    return [_handler(shop, page) for page in PAGES]


def _handler(shop: Shop, page: Route) -> HTTPRouteHandler:
    methods: Any = ["GET", "HEAD"] if page.method == "GET" else [page.method]

    async def answer(request: Request[Any, Any, Any]) -> ASGIResponse:
        return await doors.pass_through(page, Exchange(request, shop))

    return route(page.path, http_method=methods, name=f"{page.method} {page.path}")(answer)


def _erring(shop: Shop, status: int) -> Any:
    def answer(request: WebRequest, _error: Exception) -> ASGIResponse:
        return _error_page(shop, request, status)

    return answer


def _http_error(shop: Shop) -> Any:
    def answer(request: WebRequest, error: HTTPException) -> ASGIResponse:
        return _error_page(shop, request, min(500, error.status_code))

    return answer


def _fault(shop: Shop, retry_after: Callable[[Exception], int | None]) -> Any:
    """Fail closed, with a sentence that says nothing of the inside and an id under which the log has it."""

    def answer(request: WebRequest, error: Exception) -> ASGIResponse:
        request.scope["fault"] = error  # type: ignore[typeddict-unknown-key]  # read by the log line
        seconds = retry_after(error)
        return _error_page(shop, request, 500 if seconds is None else 503, seconds=seconds)

    return answer


def _error_page(shop: Shop, request: WebRequest, status: int, *, seconds: int | None = None) -> ASGIResponse:
    if "application/json" in request.headers.get("accept", "") or "problem+json" in request.headers.get("accept", ""):
        return operations.problem_json(status, str(request.scope.get("request_id", "")), seconds)
    response = Exchange(request, shop).page("error.html", status=status)
    if seconds is not None:
        response.headers.add("retry-after", str(seconds))
    return response
