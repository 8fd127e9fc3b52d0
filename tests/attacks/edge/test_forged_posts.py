"""Threat: another site that makes a person's browser post to us (SECURITY.md row 22; ASVS 3.5)."""

from urllib.parse import urlencode

import pytest

from harness.person import Person
from harness.server import Server
from harness.visitor import Reply
from renumber.web.access import Access
from renumber.web.app import PAGES
from renumber.web.routes import Route
from tests.attacks.sessions.states import administering, awaiting_code, nobody, signed_in

pytestmark = pytest.mark.parametrize("server", ["postgresql"], indirect=True)  # no matter which database

POSTS = [route for route in PAGES if route.method == "POST"]
COME = {
    Access.ANYONE: nobody,
    Access.SIGN_IN: awaiting_code,
    Access.SESSION: signed_in,
    Access.ADMINISTRATOR: administering,
}
FORM = {"email": "a@example.com", "password": "no such word", "code": "000000", "number": "1", "language": "de"}
FORGED_HEADERS = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "https://127.0.0.1:{port}"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
]


@pytest.fixture(scope="module")
def visits(server: Server) -> dict[Access, Person]:
    """Somebody at every door, with a page of ours open."""
    return {door: come(server) for door, come in COME.items()}


def post(person: Person, route: Route, csrf: str | None, headers: dict[str, str] | None = None) -> Reply:
    """Post to a route, with or without a token."""
    path = route.path.replace("{session_id:str}", "0" * 32).replace("{token:path}", "A" * 22)
    form = FORM if csrf is None else {**FORM, "csrf": csrf}
    return person.browser.copied().send("POST", path, urlencode(form), headers)


def test_without_the_page_s_token_every_post_is_refused_and_changes_nothing(
    server: Server, visits: dict[Access, Person]
) -> None:
    foreign = server.visitor()
    foreign.get("/sign-in")
    tokens = (None, "", "0" * 32, "ä", foreign.csrf)
    before = server.snapshot(*visits.values())

    statuses = {
        (route.path, token): post(visits[route.access], route, token).status for route in POSTS for token in tokens
    }

    assert len(statuses) > 100
    assert {case: status for case, status in statuses.items() if status != 403} == {}
    assert server.snapshot(*visits.values()).changes_since(before) == set()


@pytest.mark.parametrize("headers", FORGED_HEADERS, ids=str)
def test_a_post_that_another_site_caused_is_refused_even_with_the_token(
    server: Server, visits: dict[Access, Person], headers: dict[str, str]
) -> None:
    sent = {name: value.format(port=server.port) for name, value in headers.items()}
    before = server.snapshot(*visits.values())

    statuses = {
        route.path: post(visits[route.access], route, visits[route.access].browser.csrf, sent).status for route in POSTS
    }

    assert {path: status for path, status in statuses.items() if status != 403} == {}
    assert server.snapshot(*visits.values()).changes_since(before) == set()


def test_a_post_of_our_own_page_is_taken(server: Server) -> None:
    person = signed_in(server)
    person.browser.get("/phone-change/new")

    reply = person.browser.post("/phone-change", headers={"Origin": server.origin, "Sec-Fetch-Site": "same-origin"})

    assert reply.location == "/profile?notice=change_requested"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_body_that_no_form_of_ours_makes_is_refused(server: Server, visits: dict[Access, Person], kind: str) -> None:
    person = visits[Access.SESSION]
    before = server.snapshot(*visits.values())

    replies = [
        post(visits[route.access], route, visits[route.access].browser.csrf, {"Content-Type": kind}) for route in POSTS
    ]

    assert {reply.status for reply in replies} == {400}
    assert person.live_sessions == 1
    assert server.snapshot(*visits.values()).changes_since(before) == set()


def test_a_token_of_before_the_sign_in_does_not_serve_after_it(server: Server) -> None:
    person = server.person()
    person.browser.get("/sign-in")
    early = person.browser.csrf
    person.sign_in()

    reply = person.browser.send("POST", "/phone-change", urlencode({"csrf": early}))

    assert reply.status == 403
    assert person.rows("phone_change") == []


def test_no_route_takes_a_change_by_get(server: Server, visits: dict[Access, Person]) -> None:
    shown = {route.path for route in PAGES if route.method == "GET"}
    only_posts = [route for route in POSTS if route.path not in shown]
    before = server.snapshot(*visits.values())

    statuses = {
        visits[route.access].browser.send("GET", route.path.replace("{session_id:str}", "0" * 32)).status
        for route in only_posts
    }

    assert statuses == {405}
    assert server.snapshot(*visits.values()).changes_since(before) == set()
