"""Threat: the form that a browser is given back is planted, read, moved or shown to others (SECURITY.md row 22)."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest

from harness.person import PASSWORD, Person
from harness.server import Server
from harness.visitor import AS_A_PROGRAM, Reply, Visitor
from renumber.web.access import Access
from renumber.web.app import PAGES
from tests.attacks.sessions.states import SIGN_INS, awaiting_release_password, nobody, signed_in, stale
from tests.attacks.sessions.test_doors import path_of, typed_in

FORM = "__Host-form"
SAID = re.compile(r'class="(?:field-problem|notice bad)"(?![^>]* hidden)[^>]*>.*?</(?:p|div)>', re.DOTALL)
POSTS = [route for route in PAGES if route.method == "POST"]
OF_NOBODY = {"/sign-out", "/language", "/profile/recovery-codes/file"}
STANDINGS = {**dict.fromkeys(SIGN_INS, Access.SIGN_IN), signed_in: Access.SESSION, stale: Access.SESSION}


def said_on(page: Reply) -> list[str]:
    """The problems that a page words."""
    return SAID.findall(page.text)


def refused(browser: Visitor, **typed: str) -> Reply:
    """Press the button of the sign-in page with something wrong in it."""
    browser.get("/sign-in")
    return browser.press("/sign-in", {"email": "anna@example.com", "password": "wrong wrong", **typed})


@pytest.mark.parametrize("come", [nobody, *STANDINGS], ids=lambda come: come.__name__)
def test_a_refused_form_leads_to_a_page_that_says_why_once(server: Server, come: Callable[[Server], Person]) -> None:
    browser = come(server).browser
    access = STANDINGS.get(come, Access.ANYONE)
    told, stays = set(), set()

    for route in POSTS:
        if route.access is not access or route.path in OF_NOBODY:
            continue
        reply = browser.press(path_of(route), {**typed_in(), "number": "1"})
        assert (reply.status, route.path) == (303, route.path)
        if not any(cookie.startswith(f"{FORM}=") for cookie in reply.set_cookies):
            continue
        first, is_kept, second = browser.get(reply.location), FORM in browser.cookies, browser.get(reply.location)
        if first.path == reply.location and said_on(first):
            told.add(route.path)
            stays |= {route.path} if is_kept or said_on(first) == said_on(second) else set()

    assert len(told) > (come is not awaiting_release_password)  # whose own form is taken, and ends the standing
    assert stays == set()


def test_what_was_typed_stands_there_again_but_no_password_and_no_code(server: Server) -> None:
    browser = server.visitor()

    again = browser.get(refused(browser, email="anna@example.com").location)
    later = browser.get("/sign-in")

    assert 'value="anna@example.com"' in again.text
    assert 'value="anna@example.com"' not in later.text
    assert "wrong wrong" not in again.text


def test_a_program_is_told_at_once_with_the_status_and_keeps_no_form(server: Server) -> None:
    browser = server.visitor()
    browser.get("/sign-in")

    reply = browser.post("/sign-in", {"email": "anna@example.com", "password": "wrong wrong"}, AS_A_PROGRAM)

    assert (reply.status, reply.header("content-type")) == (422, "application/problem+json")
    assert "Check both and try again." in reply.text
    assert FORM not in browser.cookies


def test_the_form_can_be_read_by_nobody_and_is_closed_to_scripts(server: Server) -> None:
    browser = server.visitor()
    [cookie] = [each for each in refused(browser).set_cookies if each.startswith(FORM)]
    sealed = urlsafe_b64decode(browser.cookies[FORM])

    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert attributes == {"Max-Age=60", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
    assert b"anna" not in sealed
    assert b"email" not in sealed


def test_another_browser_can_not_open_the_form(server: Server) -> None:
    browser = server.visitor()
    refused(browser)
    thief = browser.copied()
    thief.cookies["__Host-browser"] = "0" * 32

    page = thief.get("/sign-in")

    assert said_on(page) == []
    assert "anna@example.com" not in page.text


def test_the_form_opens_on_no_other_page(server: Server) -> None:
    browser = server.visitor()
    refused(browser)

    elsewhere = browser.get("/sign-in/forgotten")

    assert said_on(elsewhere) == []
    assert "anna@example.com" not in elsewhere.text
    assert said_on(browser.get("/sign-in")), "it waits for its own"


def test_another_session_in_the_same_browser_is_not_given_the_form(server: Server) -> None:
    person, other = signed_in(server), signed_in(server)
    person.browser.get("/reauthenticate")
    reply = person.browser.press("/reauthenticate", {"password": "no such word"})
    other.browser.cookies |= {name: person.browser.cookies[name] for name in (FORM, "__Host-browser")}

    assert said_on(other.browser.get(reply.location)) == []
    assert said_on(person.browser.get(reply.location))


@pytest.mark.parametrize("value", ["x", "AAAA", "ä", "=", "A" * 400])
def test_a_form_that_was_tampered_with_is_none(server: Server, value: str) -> None:
    browser = server.visitor()
    browser.cookies[FORM] = value.encode().decode("latin-1")

    page = browser.get("/sign-in")

    assert (page.status, said_on(page)) == (200, [])


def test_a_form_is_given_back_for_a_minute(server: Server) -> None:
    browser = server.visitor()
    refused(browser)
    server.move(61)

    assert said_on(browser.get("/sign-in")) == []


@pytest.mark.parametrize("email", ["a" * 400 + "@example.com", "\x01" * 320 + "@x", "😀" * 320 + "@example.com"])
def test_however_much_is_typed_the_cookie_is_one_that_browsers_keep(server: Server, email: str) -> None:
    browser = server.visitor()

    [cookie] = [each for each in refused(browser, email=email).set_cookies if each.startswith(FORM)]

    assert len(cookie.partition(";")[0]) < 4096
    assert said_on(browser.get("/sign-in"))


def test_looking_at_the_page_without_opening_it_takes_nothing_of_it(server: Server) -> None:
    browser = server.visitor()
    refused(browser)

    browser.send("HEAD", "/sign-in")

    assert said_on(browser.get("/sign-in"))


def test_whether_there_is_such_an_account_shows_in_no_byte_of_the_answer_or_its_page(server: Server) -> None:
    person, answers = server.person(), []
    for email in (person.email, f"no-{person.email}"):
        browser = server.visitor()
        reply = refused(browser, email=email, password="x" + PASSWORD)
        answers.append((reply.status, reply.location, reply.body, without_tokens(browser.get("/sign-in"), email)))

    assert answers[0] == answers[1]


def without_tokens(page: Reply, email: str) -> Any:
    """A page without what is random or was typed."""
    return re.sub(r'value="[0-9a-f]{32}"', "", page.text).replace(email, "")
