"""Threat: one press, a forged one or a slip, by which a way in or a session is gone (SECURITY.md row 42)."""

import re

from harness.owner import confirm, invited
from harness.passkeys import give_passkey, sign_in_alone
from harness.person import Person
from harness.phone import Phone
from harness.recovery_codes import make_codes
from harness.server import Server
from harness.soft_authenticator import SoftAuthenticator

A_DAY = 86400
TAKES = re.compile(r'<form method="post" action="([^"]+)"')
DANGER = re.compile(r'<button class="button danger">\s*<span>([^<]+)</span>')


def settled(server: Server) -> Person:
    """Somebody with all that can be taken away, who has just proven again who they are, and a browser elsewhere."""
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    make_codes(person)
    phone = Phone(server)
    assert phone.enrol(invited(person)).status == 201
    confirm(person.browser, phone.confirm_url)
    server.move(4 * A_DAY)
    for browser in (server.visitor(), person.browser):
        assert sign_in_alone(browser, authenticator).location == "/profile"
    person.reauthenticate()
    return person


def questions(person: Person) -> dict[str, str]:
    """The questions of an account, and the button of each."""
    [passkey], [device] = person.rows("passkey"), person.rows("device")
    elsewhere = max((row for row in person.rows("session") if not is_own(person, row)), key=lambda row: row["seen_at"])
    return {
        f"/sessions/{elsewhere['session_id']}/end": "End session",
        "/sessions/end-others": "End all other sessions",
        "/profile/recovery-codes/new": "Make new codes",
        "/profile/recovery-codes/remove": "Remove",
        f"/profile/push/{device['device_id']}/remove": "Remove",
        "/profile/lost/phone": "Suspend",
        f"/profile/passkeys/{passkey['passkey_id']}/remove": "Remove",
    }


def is_own(person: Person, row: dict[str, str]) -> bool:
    return row["session_id"] in person.browser.cookies["__Host-session"]


def test_a_question_changes_nothing_however_often_it_is_opened_and_its_one_button_is_the_act(server: Server) -> None:
    person = settled(server)
    asked = questions(person)
    before = server.snapshot(person)

    pages = {path: person.browser.send("GET", path) for path in (*asked, *asked)}

    assert {path: DANGER.findall(page.text) for path, page in pages.items()} == {
        path: [verb] for path, verb in asked.items()
    }
    assert {path: TAKES.findall(page.text[: page.text.index("<footer")])[-1] for path, page in pages.items()} == {
        path: path for path in asked
    }
    assert all(">Cancel</span></a>" in page.text for page in pages.values())
    assert server.snapshot(person).changes_since(before) == set()
    profile = person.browser.get("/profile").text
    assert not set(TAKES.findall(profile)) & set(asked)
    assert f'action="{next(iter(asked))}"' in profile, "a way to the question stands there"


def test_what_cannot_be_taken_away_now_is_not_asked_about_and_its_page_says_why(server: Server) -> None:
    person = server.person()
    give_passkey(person, SoftAuthenticator(origin=server.origin))
    server.move(1)
    make_codes(person)
    [passkey] = person.rows("passkey")
    own_page = f"/profile/passkeys/{passkey['passkey_id']}"

    asked = person.browser.send("GET", f"{own_page}/remove")

    assert asked.location == own_page
    assert "can be removed or replaced" in person.browser.get(own_page).text
    assert person.browser.send("GET", "/methods/app").location == "/profile#methods"
    assert person.browser.send("GET", "/profile/app/remove").location == "/methods/app"
