"""Threat: the entry that a browser keeps for its owner is planted, read or taken by others (SECURITY.md row 22)."""

import re
from base64 import urlsafe_b64decode
from urllib.parse import urlencode

import pytest

from harness.person import Person
from harness.recovery_codes import come_to_codes, give_code, make_codes
from harness.server import Server, new_number
from harness.visitor import Reply, Visitor

ENTRY = "__Host-entry"
NUMBER = "/sign-in/number"
HALF_AN_HOUR, A_QUARTER = 30 * 60, 15 * 60
TYPED = re.compile(r'id="number"[^>]* value="([^"]*)"')
EMAIL = re.compile(r'id="email"[^>]* value="([^"]*)"')
PICKED = re.compile(r'<option value="([A-Z]{2})" selected')
KEPT = "We have kept what you entered."


def typed_on(page: Reply) -> str:
    """The number that stands in the field."""
    found = TYPED.search(page.text)
    assert found, page.path
    return found[1]


def enter(browser: Visitor, number: str) -> Reply:
    """Press the button of a page that has been open for a while."""
    return browser.post(NUMBER, {"country": "AT", "number": number})


def too_late(server: Server) -> tuple[Person, str]:
    """Somebody whose sign-in ran out while they typed the new number."""
    person, number = server.person(), new_number()
    person.come_to_number().get(NUMBER)
    server.move(HALF_AN_HOUR + 1)
    assert enter(person.browser, number).location == "/sign-in?notice=number_removed"
    return person, number


def in_session(server: Server) -> tuple[Person, Visitor]:
    """Somebody who enters the new number in a session, and another browser in which they are signed in too."""
    person = server.person()
    person.sign_in()
    codes = make_codes(person).codes
    assert person.press(person.request_change()).location == "/phone-change/removed"
    assert give_code(come_to_codes(person), codes[0]).location == "/profile?notice=code_used"
    other = come_to_codes(person, server.visitor())
    assert give_code(other, codes[1]).location == "/profile?notice=code_used"
    person.reauthenticate()
    person.browser.get("/profile")
    assert person.browser.post("/phone-change/number").location == NUMBER
    person.browser.get(NUMBER)
    other.get("/profile")
    return person, other


def end_session_of(person: Person, other: Visitor) -> None:
    """Sign the person's browser out from another one."""
    session_id = person.browser.cookies["__Host-session"].split(".")[1]
    assert other.post(f"/sessions/{session_id}/end").location == "/profile?notice=session_ended"


def test_what_was_typed_is_there_again_after_another_browser_ended_the_session(server: Server) -> None:
    person, other = in_session(server)
    end_session_of(person, other)
    number = "0664 7654321"

    reply = enter(person.browser, number)
    told = person.browser.get(reply.location)
    assert person.give_password().location == NUMBER
    again = person.browser.get(NUMBER)

    assert reply.location == "/sign-in?notice=session_ended"
    assert KEPT in told.text
    assert typed_on(again) == number
    assert PICKED.findall(again.text) == ["AT"]


def test_once_the_session_is_over_the_page_of_the_number_says_the_same_as_its_form(server: Server) -> None:
    person, other = in_session(server)
    end_session_of(person, other)

    shown = person.browser.send("GET", NUMBER)
    entered = enter(person.browser, new_number())

    assert (shown.status, shown.location) == (entered.status, entered.location)
    assert entered.location == "/sign-in?notice=session_ended"


def test_what_was_typed_is_there_again_once_after_the_sign_in_ran_out(server: Server) -> None:
    person, number = too_late(server)

    told = person.browser.get("/sign-in?notice=number_removed")
    assert person.give_password().location == NUMBER
    again, later = person.browser.get(NUMBER), person.browser.get(NUMBER)

    assert KEPT in told.text
    assert typed_on(again) == number
    assert typed_on(later) == ""
    assert KEPT not in server.visitor().get("/sign-in?notice=number_removed").text


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({}, {}),
        ({"csrf": "0" * 32}, {}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
        (None, {"Origin": "https://evil.example"}),
        (None, {"Content-Type": "text/plain"}),
    ],
)
def test_nothing_is_kept_of_a_post_that_another_site_caused(
    server: Server, form: dict[str, str] | None, headers: dict[str, str]
) -> None:
    person = server.person()
    browser = person.come_to_number()
    browser.get(NUMBER)
    server.move(HALF_AN_HOUR + 1)
    token = {"csrf": browser.csrf} if form is None else form

    reply = browser.send("POST", NUMBER, urlencode({"country": "DE", "number": "+4915123456", **token}), headers)

    assert reply.location == "/sign-in?notice=number_removed"
    assert ENTRY not in browser.cookies


def test_the_entry_can_be_read_by_nobody_and_is_closed_to_scripts(server: Server) -> None:
    person, number = too_late(server)

    [cookie] = [each for page in person.browser.pages for each in page.set_cookies if each.startswith(ENTRY)]
    sealed = urlsafe_b64decode(person.browser.cookies[ENTRY])

    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert attributes == {"Max-Age=900", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
    assert number.encode() not in sealed
    assert b"number" not in sealed


def test_another_account_in_the_same_browser_is_not_given_the_entry(server: Server) -> None:
    person, number = too_late(server)
    other = server.person()
    other.come_to_number()
    other.browser.cookies |= {name: person.browser.cookies[name] for name in (ENTRY, "__Host-browser")}

    page = other.browser.get(NUMBER)

    assert page.path == NUMBER
    assert typed_on(page) == ""
    assert number not in page.text


def test_another_browser_can_not_open_the_entry(server: Server) -> None:
    person, _ = too_late(server)
    assert person.give_password().location == NUMBER
    thief = person.browser.copied()
    thief.cookies["__Host-browser"] = "0" * 32

    page = thief.get(NUMBER)

    assert page.path == NUMBER
    assert typed_on(page) == ""


@pytest.mark.parametrize("value", ["x", "AAAA", "ä", "=", "A" * 400])
def test_an_entry_that_was_tampered_with_is_no_entry(server: Server, value: str) -> None:
    person = server.person()
    person.come_to_number()
    person.browser.cookies[ENTRY] = value.encode().decode("latin-1")

    page = person.browser.get(NUMBER)

    assert page.status == 200
    assert typed_on(page) == ""


@pytest.mark.parametrize(("seconds", "is_given_back"), [(A_QUARTER - 60, True), (A_QUARTER + 1, False)])
def test_an_entry_is_given_back_for_a_quarter_of_an_hour(server: Server, seconds: int, *, is_given_back: bool) -> None:
    person, number = too_late(server)

    server.move(seconds)
    assert person.give_password().location == NUMBER

    assert typed_on(person.browser.get(NUMBER)) == (number if is_given_back else "")


def email_on(browser: Visitor) -> str:
    """The address that stands on the sign-in page."""
    found = EMAIL.search(browser.get("/sign-in").text)
    assert found
    return found[1]


def test_after_the_reset_the_address_stands_in_the_browser_that_pressed_and_in_the_one_that_asked(
    server: Server,
) -> None:
    person = server.person()
    person.sign_in()
    link, pressing = person.request_change(), server.visitor()
    assert email_on(pressing) == ""
    assert person.press(link, pressing).location == "/phone-change/removed"

    assert email_on(pressing) == person.email
    assert email_on(person.browser) == person.email
    assert email_on(server.visitor()) == ""


def test_the_address_is_kept_where_a_sign_in_ran_out_and_given_to_no_forged_ticket(server: Server) -> None:
    person = server.person()
    person.give_password()
    server.move(HALF_AN_HOUR + 1)
    forger = person.browser.copied()
    forger.cookies["__Host-sign-in"] = person.browser.cookies["__Host-sign-in"].rpartition(".")[0] + "." + "0" * 32

    assert person.browser.send("GET", "/sign-in/code").location == "/sign-in?notice=took_too_long"
    assert email_on(person.browser) == person.email
    assert email_on(forger) == ""


def test_a_browser_whose_session_ended_otherwise_is_told_no_address(server: Server) -> None:
    person, other = server.person(), server.visitor()
    person.sign_in()
    person.sign_in(other)
    person.browser.get("/profile")
    person.browser.post("/sessions/end-others")

    assert email_on(other) == ""


def test_the_address_opens_in_no_other_browser_and_is_gone_after_signing_out(server: Server) -> None:
    person = server.person()
    person.reset_number()
    thief = person.browser.copied()
    thief.cookies["__Host-browser"] = "0" * 32
    assert email_on(thief) == ""
    assert email_on(person.browser) == person.email

    person.browser.post("/sign-out")

    assert email_on(person.browser) == ""


SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def expired(browser: Visitor, path: str, headers: dict[str, str]) -> Reply:
    """Press the button of a page that is older than the browser's cookies."""
    browser.get(path)
    browser.cookies.clear()
    return browser.press(path, {"email": "anna@example.com", "password": "no such word"}, headers)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgotten"])
def test_a_page_that_has_expired_says_so_and_gives_the_address_back_but_nothing_else(server: Server, path: str) -> None:
    browser = server.visitor()

    reply = expired(browser, path, SAME_ORIGIN)
    again = browser.get(path)

    assert reply.status == 403
    assert "Your browser sent no cookie" in reply.text
    assert f'href="{path}"' in reply.text
    assert EMAIL.findall(again.text) == ["anna@example.com"]
    assert "no such word" not in again.text


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str)
def test_of_a_form_that_no_browser_vouches_for_not_even_the_address_is_kept(
    server: Server, headers: dict[str, str]
) -> None:
    browser = server.visitor()

    reply = expired(browser, "/sign-in", headers)

    assert "Your browser sent no cookie" in reply.text
    assert EMAIL.findall(browser.get("/sign-in").text) == [""]
