"""Threat: a page that is framed, sniffed, stored or scripted by others, and cookies that leak (rows 22, 23)."""

import re

import pytest

from harness.server import Server
from harness.visitor import Reply, Visitor
from renumber.web.app import PAGES
from tests.attacks.full_life import Life

pytestmark = pytest.mark.parametrize("server", ["postgresql"], indirect=True)  # no matter which database

ODD = [
    "/no-such-page",
    "/profile",
    "/freeze/unknown",
    "/static/none/no.css",
    "/healthz",
    "/favicon.ico",
    "/robots.txt",
]
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def all_kinds_of_replies(server: Server) -> list[Reply]:
    """Pages, redirects, errors, files, odd methods and bodies that are too much."""
    visitor = server.visitor()
    opened = [visitor.send(method, path) for method in ("GET", "HEAD") for path in [*ODD, "/sign-in", "/brand.css"]]
    refused = [
        visitor.send("POST", "/sign-in"),
        visitor.send("DELETE", "/sign-in"),
        visitor.send("POST", "/sign-in", "csrf=forged"),
        visitor.send("POST", "/sign-in", "a=1", {"Content-Type": "application/json"}),
        visitor.send("POST", "/sign-in", "a" * 70_000),
        visitor.send("GET", "/sign-in?" + "a" * 5_000),
        visitor.send("GET", "/sign-in", headers={"X-Much": "a" * 17_000}),
        visitor.send("GET", "/%00%ff/..%2f"),
    ]
    return opened + refused


def test_every_reply_has_every_safety_header(server: Server) -> None:
    replies = all_kinds_of_replies(server)

    assert {reply.status for reply in replies} >= {200, 303, 400, 403, 404, 405, 413, 414, 431}
    for reply in replies:
        policy = dict(part.strip().split(" ", 1) for part in reply.header("content-security-policy").split(";"))
        assert policy == POLICY, reply.path
        assert reply.header("strict-transport-security") == "max-age=63072000; includeSubDomains"
        assert reply.header("x-content-type-options") == "nosniff"
        assert reply.header("referrer-policy") == "no-referrer"
        assert reply.header("cross-origin-opener-policy") == "same-origin"
        assert re.fullmatch("[0-9a-f]{12}", reply.header("x-request-id"))


def test_nothing_but_what_is_the_same_for_everyone_is_stored(server: Server) -> None:
    same_for_all = {"/brand.css", "/favicon.ico", "/robots.txt"}

    stored = {reply.path for reply in all_kinds_of_replies(server) if reply.header("cache-control") != "no-store"}

    assert stored == same_for_all


def test_no_page_has_inline_scripts_styles_or_handlers_or_anything_of_others(life: Life) -> None:
    pages = {page.body.decode() for visitor in life.visitors for page in visitor.pages if page.body}

    assert len(pages) > 20
    for page in pages:
        assert re.findall(r"<script(?![^>]* src=\"/static/)", page) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<iframe|<object|<embed", page) == []
        assert [url for url in re.findall(r"(?:src|action)=\"([^\"]*)\"", page) if not url.startswith("/")] == []


def test_errors_say_nothing_of_the_inside(server: Server) -> None:
    words = r"traceback|litestar|granian|python|sqlalchemy|sqlite|asyncpg|postgres|/src/|\.py\b"

    replies = [reply for reply in all_kinds_of_replies(server) if reply.status >= 400]

    assert len(replies) > 10
    assert [reply.path for reply in replies if re.search(words, reply.text, re.IGNORECASE)] == []


def test_our_cookies_are_host_only_secure_and_closed_to_scripts(life: Life) -> None:
    cookies = [cookie for visitor in life.visitors for page in visitor.pages for cookie in page.set_cookies]

    assert {cookie.partition("=")[0] for cookie in cookies} == {
        "__Host-browser",
        "__Host-session",
        "__Host-sign-in",
        "__Host-reset",
        "__Host-number",
        "__Host-form",
        "__Host-codes",
        "__Host-email",
        "__Host-caller",
    }
    for cookie in cookies:
        attributes = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} < attributes
        assert not any(each.lower().startswith("domain") for each in attributes)


@pytest.mark.parametrize(
    "path", sorted({route.path for route in PAGES if route.method == "GET" and "{" not in route.path})
)
def test_head_answers_as_get_does_without_a_body(server: Server, path: str) -> None:
    shown, asked = (Visitor(server.port, "127.0.0.1").send(method, path) for method in ("GET", "HEAD"))

    assert (asked.status, asked.body) == (shown.status, b"")
    assert asked.location == shown.location
