"""Threat: a step taken out of its order, or a page reached from where it must not be (SECURITY.md rows 1, 2, 5, 20).

Every route of the application is walked from every standing that a browser can have.
"""

from collections.abc import Callable
from typing import Any

import pytest

from harness.person import Person
from harness.server import Server, new_number
from harness.visitor import Reply
from renumber.web.access import Access
from renumber.web.app import PAGES
from renumber.web.routes import Route
from tests.attacks.sessions.states import (
    ENROLMENTS,
    FOR_THE_NEW_NUMBER,
    NOBODIES,
    SIGN_INS,
    signed_in,
    stale,
    without_factor,
)

Standing = Callable[[Server], Person]
BEHIND_SESSION = [route for route in PAGES if route.access is Access.SESSION]
BEHIND_SIGN_IN = [route for route in PAGES if route.access is Access.SIGN_IN]
MENUS = {
    *("/sign-in/method", "/sign-in/method/{factor:str}", "/sign-in/lift", "/sign-in/lift/again"),
    *("/sign-in/lost", "/sign-in/lost/{factor:str}"),
}
NEW_NUMBER = {"/sign-in/number", "/sign-in/number/old", "/sign-in/number/code", "/sign-in/number/code/again"}
OWN = {
    "awaiting_factor": {"/sign-in/code", "/sign-in/code/again", "/sign-in/recovery"},
    "awaiting_mailbox": {"/sign-in/email-code", "/sign-in/email-code/again", "/sign-in/recovery"},
    "waiting": {"/sign-in/wait", "/sign-in/recovery"},
    "awaiting_number": NEW_NUMBER,
    "awaiting_code": NEW_NUMBER,
    "awaiting_release_mailbox": {"/sign-in/release", "/sign-in/release/email", "/sign-in/release/email/again"},
    "awaiting_release_by_link": {"/sign-in/release/phone", "/sign-in/release/phone/again"},
    "awaiting_release_password": {"/sign-in/release/password"},
    "awaiting_release_number": {"/sign-in/release/phone", "/sign-in/release/phone/again"},
}


def path_of(route: Route) -> str:
    """An address of a route, of something that isn't there."""
    path = route.path.replace("{session_id:str}", "0" * 32).replace("{token:path}", "A" * 22)
    return path.replace("{factor:str}", "phone")


def typed_in() -> dict[str, str]:
    """Everything that a form could ask for."""
    return {"code": "000000", "number": new_number(), "country": "DE", "password": "no such word", "next": "/"}


def walk(person: Person, route: Route) -> Reply:
    """Open or press a route as a page of ours would, with everything that a form could ask for."""
    if route.method == "GET":
        return person.browser.send("GET", path_of(route))
    return person.browser.post(path_of(route), typed_in())


def state_of(person: Person) -> list[Any]:
    """What an act of the owner could have changed."""
    account = {name: person.account[name] for name in ("number_key", "state", "password_hash", "number_changed_at")}
    changes = [(row["state"], row["link_generation"], row["version"]) for row in person.rows("phone_change")]
    sign_ins = [(row["sign_in_id"], row["state"]) for row in person.rows("sign_in")]
    return [account, changes, sorted(sign_ins), person.live_sessions]


def test_there_are_routes_behind_both_doors() -> None:
    assert len(BEHIND_SESSION) >= 10
    assert len(BEHIND_SIGN_IN) >= 15


@pytest.mark.parametrize("come", NOBODIES)
def test_without_a_session_or_a_sign_in_every_closed_page_leads_to_the_sign_in(server: Server, come: Standing) -> None:
    person = come(server)
    before = state_of(person)

    replies = [walk(person, route) for route in (*BEHIND_SESSION, *BEHIND_SIGN_IN)]

    assert {reply.status for reply in replies} == {303}
    assert {reply.location.partition("?")[0] for reply in replies} == {"/sign-in"}
    assert state_of(person) == before


@pytest.mark.parametrize("come", SIGN_INS)
def test_a_sign_in_under_way_reaches_nothing_of_a_session(server: Server, come: Standing) -> None:
    person = come(server)
    before = state_of(person)

    replies = {(route.method, route.path): walk(person, route) for route in BEHIND_SESSION}

    expected = (403, "") if come in FOR_THE_NEW_NUMBER else (303, SIGN_INS[come])
    assert {(reply.status, reply.location) for reply in replies.values()} == {expected}
    assert not [route for route, reply in replies.items() if person.email in reply.text]
    assert state_of(person) == before


@pytest.mark.parametrize("come", SIGN_INS)
def test_a_sign_in_under_way_is_led_back_to_its_own_step(server: Server, come: Standing) -> None:
    person = come(server)
    before = state_of(person)
    others = [route for route in BEHIND_SIGN_IN if route.path not in OWN[come.__name__] | MENUS]

    replies = {(route.method, route.path): walk(person, route) for route in others}

    led = {route: (reply.status, reply.location) for route, reply in replies.items()}
    astray = {route: reply for route, reply in led.items() if reply != (303, SIGN_INS[come])}
    assert {route for route in astray if not route[1].endswith("/again")} == set()
    assert {status for status, _ in astray.values()} <= {303, 409, 429}
    assert state_of(person) == before


@pytest.mark.parametrize("come", ENROLMENTS)
def test_an_enrolment_opens_no_session_by_itself(server: Server, come: Standing) -> None:
    person = come(server)

    for route in PAGES:
        if route.path not in OWN[come.__name__]:
            walk(person, route)

    assert person.live_sessions == 0
    assert "__Host-session" not in person.browser.cookies
    assert person.account["number_changed_at"] is None


def test_a_session_can_take_no_step_of_a_sign_in(server: Server) -> None:
    person = signed_in(server)
    before = state_of(person)

    replies = [walk(person, route) for route in BEHIND_SIGN_IN]

    assert {(reply.status, reply.location.partition("?")[0]) for reply in replies} == {(303, "/sign-in")}
    assert state_of(person) == before


@pytest.mark.parametrize("path", ["/phone-change", "/phone-change/again"])
def test_a_stale_session_is_sent_to_authenticate_before_any_mail(server: Server, path: str) -> None:
    person = stale(server)

    shown = person.browser.send("GET", "/phone-change/new")
    pressed = person.browser.post(path)

    assert shown.location.startswith("/reauthenticate?next=")
    assert pressed.location.startswith("/reauthenticate?next=")
    assert person.rows("phone_change") == []
    assert person.told("change_requested") == {}


def test_a_session_without_its_second_factor_is_refused_and_no_row_is_made(server: Server) -> None:
    person = without_factor(server)
    person.browser.get("/profile")

    reply = person.browser.post("/phone-change")

    assert reply.status == 403
    assert person.rows("phone_change") == []
    assert person.acts("refused:needs_second_factor") == 1


def test_a_session_without_its_second_factor_sends_no_link_again(server: Server) -> None:
    person = signed_in(server)
    person.request_change()
    server.move(61)
    server.write(f"UPDATE session SET factor = NULL WHERE account_id = '{person.account_id}'")  # noqa: S608 - our id

    reply = person.browser.post("/phone-change/again")

    assert reply.status == 403
    assert person.rows("phone_change")[0]["link_generation"] == 1


def test_signing_out_in_the_middle_of_the_enrolment_ends_it_in_this_browser(server: Server) -> None:
    person = ENROLMENTS[0](server)

    person.browser.post("/sign-out")

    assert "__Host-sign-in" not in person.browser.cookies
    assert person.browser.send("GET", "/sign-in/number").location.partition("?")[0] == "/sign-in"


def test_who_comes_second_to_the_new_number_is_sent_to_sign_in_again(server: Server) -> None:
    person = ENROLMENTS[1](server)
    slow = server.visitor()
    slow.get(person.give_password(slow).location)
    slow.submit("/sign-in/email-code", {"code": person.mail("Your code").code})
    assert person.prove_number(person.new_number).location == "/phone-change/finished"
    number = person.account["number_key"]

    shown = slow.get("/sign-in/number")
    entered = person.enter_number(new_number(), slow)

    assert shown.path.startswith("/sign-in?")
    assert entered.location.startswith("/sign-in?")
    assert person.account["number_key"] == number
