"""Every route says who may enter, and no handler sees a post before it was verified."""

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from litestar import Litestar, Request
from litestar.response.base import ASGIResponse

from renumber.crypto import KeyRing
from renumber.web import api, cookies, oidc
from renumber.web.access import Access, Forged, Malformed, csrf_tokens
from renumber.web.app import PAGES
from renumber.web.edge import Served
from renumber.web.exchange import Exchange
from renumber.web.request import WebRequest
from renumber.web.routes import Entrance, Routes
from tests.observability.service import Visitor, serving
from tests.shape.source import SOURCES, imported

ORIGIN = "https://account.example"
OF_PAGES = [Access.ANYONE, Access.SESSION, Access.SIGN_IN, Access.ADMINISTRATOR]
TICKETS = {Access.SESSION: cookies.SESSION, Access.SIGN_IN: cookies.SIGN_IN}
REGISTERING = {f"litestar.{verb}" for verb in ("route", "get", "head", "post", "put", "patch", "delete")}
REGISTERING |= {"renumber.web.shared_signature.Answering"}
READING = {"GET", "HEAD", "OPTIONS"}
SECRET = {"answer", "code", "codes", "csrf", "password", "token"}
PLACES_OF_ROUTES = {
    "web/routes.py",
    "web/api/routes.py",
    "web/oidc/routes.py",
    "web/files/static.py",
    "web/files/device_app.py",
    "web/files/number_formats.py",
    "web/files/cookie_check.py",
    "web/health.py",
}

PLACES_OF_DECLARED_ROUTES = {"web/routes.py", "web/api/routes.py", "web/oidc/routes.py"}


@pytest.fixture
async def visitor(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Visitor]:
    async with serving(sqlite_url, tmp_path / "key") as browser:
        yield browser


def registered(visitor: Visitor) -> set[tuple[str, str]]:
    """Every method and path at which the application answers."""
    app = visitor.app._app
    assert isinstance(app, Litestar)
    return {(method, route.path) for route in app.routes for method in route.methods}


def declared() -> set[tuple[str, str]]:
    """Every method and path of which it is said who may enter."""
    pages = {(route.method, route.path) for route in PAGES}
    of_api = {(route.method, route.path) for route in api.routes}
    return pages | of_api | {(method, endpoint.path) for endpoint in oidc.endpoints for method in endpoint.methods}


async def test_whatever_may_change_something_says_who_may_enter(visitor: Visitor) -> None:
    may_change = {(method, path) for method, path in registered(visitor) if method not in READING}

    assert may_change == {(method, path) for method, path in declared() if method not in READING}
    assert len(may_change) > 50


async def test_every_declared_route_is_served(visitor: Visitor) -> None:
    assert declared() <= registered(visitor)


async def test_a_look_at_a_page_s_methods_names_all_of_them(visitor: Visitor) -> None:
    served: dict[str, set[str]] = {}
    for method, path in registered(visitor):
        served.setdefault(path, set()).add(method)
    paths = {path: re.sub(r"\{\w+(:\w+)?\}", "x", path) for path in served}

    allowed = {path: (await visitor.ask("OPTIONS", paths[path])).headers.get("allow") for path in served}

    own = {path: set(allow.split(", ")) for path, allow in allowed.items() if allow}
    assert own == {path: served[path] for path in own}
    assert {"/sign-in", "/profile/recovery-codes", "/oauth/logout"} <= own.keys()


def test_only_what_is_declared_or_only_read_is_registered() -> None:
    of_web = [source for source in SOURCES if source.room == "web"]
    registering = {source.name for source in of_web for _, name in imported(source.tree) if name in REGISTERING}
    kinds = ("Route", "ApiRoute", "OAuthRoute")
    making = {source.name for source in of_web for node in ast.walk(source.tree) if is_made(node, *kinds)}

    assert {name.removeprefix("src/renumber/") for name in registering} == PLACES_OF_ROUTES
    assert {name.removeprefix("src/renumber/") for name in making} == PLACES_OF_DECLARED_ROUTES


def is_made(node: ast.AST, *names: str) -> bool:
    """Tell whether an object of one of these classes is made here."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def test_the_posts_that_anyone_may_make_are_these() -> None:
    open_posts = {route.path for route in PAGES if route.method == "POST" and route.access is Access.ANYONE}

    assert open_posts == {
        "/caller",
        "/caller/check/code",
        "/caller/check/method/{method:str}",
        "/caller/check/not-me",
        "/caller/link/{token:path}",
        "/freeze/{token:path}",
        "/journeys/{token:path}",
        "/language",
        "/oauth/logout/confirm",
        "/phone-change/link/{token:path}",
        "/recovery/link/{token:path}",
        "/recovery/request/{token:path}",
        "/sign-in",
        "/sign-in/forgotten",
        "/sign-in/mailbox/{token:path}",
        "/sign-in/new-password/{token:path}",
        "/sign-in/release/link/{token:path}",
        "/sign-in/with-passkey",
        "/sign-out",
    }


def test_nothing_secret_is_kept_of_any_form() -> None:
    keeping = [route for route in PAGES if route.keeps]

    assert keeping
    assert not [route.path for route in keeping if SECRET & set(route.keeps)]
    assert all(route.method == "POST" for route in keeping)


@pytest.mark.parametrize("token", ["", "0" * 32, "ä"])
async def test_a_post_without_the_token_is_refused_or_turned_away(visitor: Visitor, token: str) -> None:
    await visitor.get("/sign-in")
    posts = [route for route in PAGES if route.method == "POST"]

    statuses = {
        (post.access, (await visitor.ask("POST", post.path, data={"csrf": token})).status_code) for post in posts
    }

    of_signed_in = (Access.SESSION, Access.SIGN_IN, Access.ADMINISTRATOR)
    assert statuses == {(Access.ANYONE, 403), *((access, 303) for access in of_signed_in)}


async def test_a_call_of_a_device_without_its_signature_is_refused(visitor: Visitor) -> None:
    signed = [route for route in api.routes if route.access is Access.DEVICE]

    replies = [await visitor.ask(route.method, route.path) for route in signed]

    assert {(reply.status_code, reply.json()["code"]) for reply in replies} == {(401, "signature_missing")}
    assert {route.path for route in api.routes if route.access is Access.ANYONE} == {
        "/api/v1/docs",
        "/api/v1/me/docs",
        "/api/v1/me/openapi.json",
        "/api/v1/openapi.json",
        "/api/v1/problems/{code:str}",
        "/device/api/configuration",
        "/device/api/enrol",
    }


class Handler:
    """The handler of one route, which notes each form that it was given."""

    def __init__(self, access: Access) -> None:
        self.forms: list[Any] = []
        routes = Routes()
        Entrance(routes, access, _admit).act("/act")(self._take)
        [self.route] = routes

    async def _take(self, exchange: Exchange) -> ASGIResponse:
        self.forms.append(exchange.form)
        return ASGIResponse()


async def _admit(request: WebRequest) -> Exchange:
    """Let everyone in, so that nothing but the check of the post is in the way."""
    return Exchange(request)


SITE: Any = SimpleNamespace(
    services=SimpleNamespace(secrets=KeyRing.from_secret("k" * 64)),
    base_url=ORIGIN,
    console_origin="",
    trusted_proxies=(),
)


def a_post(access: Access, form: dict[str, str], **headers: str) -> WebRequest:
    """A post from a browser that has been here, with the cookie that its access asks for."""
    jar = {cookies.BROWSER: "b" * 32, TICKETS.get(access, "other"): ".".join(("a" * 32, "c" * 32, "d" * 32))}
    sent = {
        "content-type": "application/x-www-form-urlencoded",
        "cookie": "; ".join(f"{name}={value}" for name, value in jar.items()),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    scope: Any = {"type": "http", "method": "POST", "path": "/act", "query_string": b"", "served": Served("POST", "id")}
    scope["route_handler"] = SimpleNamespace(resolve_request_max_body_size=lambda: None)  # what the framework asks for
    scope["headers"] = [(name.encode(), value.encode()) for name, value in sent.items()]

    async def receive() -> Any:
        return {"type": "http.request", "body": urlencode(form).encode(), "more_body": False}

    return WebRequest(Request(scope, receive=receive), SITE)


def token_of(access: Access) -> str:
    """The token that a page of this access carries."""
    return csrf_tokens(a_post(access, {}), access)[0]


@pytest.mark.parametrize("access", OF_PAGES)
@pytest.mark.parametrize("headers", [{}, {"sec_fetch_site": "same-origin", "origin": ORIGIN}, {"origin": "null"}])
async def test_a_post_of_our_own_page_reaches_its_handler_with_a_form_that_nobody_changes(
    access: Access, headers: dict[str, str]
) -> None:
    handler = Handler(access)

    await handler.route.answer(a_post(access, {"csrf": token_of(access), "name": "a\x00b"}, **headers))

    [form] = handler.forms
    assert form["name"] == "ab"
    with pytest.raises(TypeError):
        form["name"] = "c"


@pytest.mark.parametrize("access", OF_PAGES)
@pytest.mark.parametrize(
    ("form", "headers", "refused"),
    [
        ({}, {}, Forged),
        ({"csrf": "0" * 32}, {}, Forged),
        (None, {"origin": "https://evil.example"}, Forged),
        (None, {"sec_fetch_site": "cross-site"}, Forged),
        (None, {"sec_fetch_site": "same-site", "origin": "null"}, Forged),
        (None, {"content_type": "application/json"}, Malformed),
        ({str(number): "" for number in range(17)}, {}, Malformed),
    ],
)
async def test_any_other_post_never_reaches_its_handler(
    access: Access, form: dict[str, str] | None, headers: dict[str, str], refused: type[Exception]
) -> None:
    handler = Handler(access)

    with pytest.raises(refused):
        await handler.route.answer(a_post(access, {"csrf": token_of(access)} if form is None else form, **headers))

    assert handler.forms == []


@pytest.mark.parametrize("access", [Access.SESSION, Access.SIGN_IN])
async def test_the_token_of_a_page_for_anyone_serves_no_route_of_a_session_or_a_sign_in(access: Access) -> None:
    handler = Handler(access)

    with pytest.raises(Forged):
        await handler.route.answer(a_post(access, {"csrf": token_of(Access.ANYONE)}))

    assert handler.forms == []


@pytest.mark.parametrize("access", [Access.SESSION, Access.SIGN_IN])
async def test_a_page_for_anyone_may_stay_open_while_another_window_signs_in(access: Access) -> None:
    handler = Handler(Access.ANYONE)

    await handler.route.answer(a_post(access, {"csrf": token_of(Access.ANYONE)}))
    await handler.route.answer(a_post(access, {"csrf": token_of(access)}))

    assert len(handler.forms) == 2
