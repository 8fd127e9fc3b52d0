"""A question for the password is answered by what was pressed, and nothing else: once, and never by looking."""

import re

import pytest

from harness.person import Person
from harness.recovery_codes import CODE
from harness.server import Server

STALE = 15 * 60 + 1
SHOWN = re.compile(r'<button class="button main"><span>([^<]+)</span></button>')
FIELD = re.compile(r'<input type="hidden" name="(next|verb|act)" value="([^"]*)">')
GOES_ON = {
    "/profile/push": r"/profile/push/code/\w{32}",
    "/profile/app": "/profile/app",
    "/profile/recovery-codes": "/profile/recovery-codes/made",
}


def asked_again(server: Server, act: str) -> tuple[Person, dict[str, str], str]:
    """Press in a session that is old; gives the fields of the page that asks for the password, and its address."""
    person = server.person()
    person.sign_in()
    server.move(STALE)
    person.browser.get("/profile")
    led = person.browser.press(act).location
    page = person.browser.get(led)
    assert SHOWN.findall(page.text) == ["Add"]
    return person, dict(FIELD.findall(page.text)), led


@pytest.mark.parametrize("act", GOES_ON)
def test_what_asks_for_the_password_first_goes_on_by_itself_and_back_leads_to_the_account(
    server: Server, act: str
) -> None:
    person, fields, asked = asked_again(server, act)

    wrong = person.browser.press("/reauthenticate", {"password": "no such password", **fields})
    person.browser.get(wrong.location)
    right = person.browser.press("/reauthenticate", {"password": person.password, **fields})
    shown, back = person.browser.get(right.location), person.browser.send("GET", asked)

    assert wrong.location == asked
    assert re.fullmatch(GOES_ON[act], right.location)
    assert (shown.status, shown.path) == (200, right.location)
    assert (back.status, back.location) == (303, fields["next"])
    assert person.browser.send("GET", fields["next"]).status == 200
    assert person.acts("factor_enrolment_started") + person.acts("factor_added") == 1


def test_an_address_can_neither_name_an_act_of_another_kind_nor_call_it_something_else(server: Server) -> None:
    person = server.person()
    person.sign_in()
    calls = person.browser.get("/reauthenticate?next=/profile&verb=remove&act=/profile/push")
    before = person.rows("audit")

    led = [
        person.browser.press("/reauthenticate", {"password": person.password, "next": "/profile", "act": act}).location
        for act in ("/sign-out", "/profile/recovery-codes/remove", "/phone-change", "https://evil.example/", "/profile")
    ]

    assert SHOWN.findall(calls.text) == ["Add"]
    assert led == ["/profile"] * 5
    assert {row["act"] for row in person.rows("audit")[len(before) :]} == {"reauthenticated"}


def test_new_codes_are_shown_once_in_the_session_that_made_them_and_stand_nowhere_else(server: Server) -> None:
    person, fields, _ = asked_again(server, "/profile/recovery-codes")
    other = server.person()
    other.sign_in()
    made = person.browser.press("/reauthenticate", {"password": person.password, **fields})
    [cookie] = [each for each in made.set_cookies if each.startswith("__Host-codes=")]
    thief = other.browser.copied()
    thief.cookies |= {name: person.browser.cookies[name] for name in ("__Host-codes", "__Host-browser")}

    ahead = person.browser.send("HEAD", made.location)
    stolen = thief.get(made.location)
    shown = person.browser.send("GET", made.location)
    again = person.browser.get(made.location)

    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "Max-Age=60",
        "Path=/",
        "Secure",
        "HttpOnly",
        "SameSite=Lax",
    }
    assert (ahead.body, CODE.findall(stolen.text)) == (b"", [])
    assert len(CODE.findall(shown.text)) == 10
    assert shown.header("cache-control") == "no-store"
    assert "__Host-codes" not in person.browser.cookies
    assert (again.path, CODE.findall(again.text)) == ("/profile/recovery-codes", [])
    assert "You have 10 codes left." in again.text
    assert "Make new codes" in again.text


def test_codes_that_nobody_opened_in_time_are_gone(server: Server) -> None:
    person, fields, _ = asked_again(server, "/profile/recovery-codes")
    made = person.browser.press("/reauthenticate", {"password": person.password, **fields})

    server.move(61)

    late = person.browser.get(made.location)
    assert (late.path, CODE.findall(late.text)) == ("/profile/recovery-codes", [])
