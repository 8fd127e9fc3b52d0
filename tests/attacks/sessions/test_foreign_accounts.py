"""Threat: another account's ids, and fields that a form does not own (SECURITY.md row 10; ASVS 8.2.2)."""

import pytest

from harness.person import Person
from harness.server import Server, new_number
from tests.attacks.full_life import FIELDS_OF_NO_FORM, STRANGE_NUMBER, Life

COOKIES = {"session": "__Host-session", "sign_in": "__Host-sign-in"}


def rows_of(person: Person) -> list[object]:
    """All that is known of this account."""
    return [person.rows(table) for table in ("account", "phone_change", "session", "sign_in", "authenticator", "audit")]


def test_ending_another_account_s_session_answers_404_and_ends_nothing(server: Server) -> None:
    owner, stranger = server.person(), server.person()
    owner.sign_in()
    stranger.sign_in()
    session_id = owner.rows("session")[0]["session_id"]
    stranger.browser.get("/profile")

    reply = stranger.browser.post(f"/sessions/{session_id}/end")
    unknown = stranger.browser.post(f"/sessions/{'0' * 32}/end")

    assert (reply.status, unknown.status) == (404, 404)
    assert owner.live_sessions == 1
    assert owner.browser.get("/profile").path == "/profile"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_session_cookie_with_a_part_of_another_account_s_opens_nothing(server: Server, part: int) -> None:
    owner, stranger = server.person(), server.person()
    own, foreign = (each.sign_in().cookies[COOKIES["session"]].split(".") for each in (owner, stranger))

    stranger.browser.cookies[COOKIES["session"]] = ".".join([*foreign[:part], own[part], *foreign[part + 1 :]])

    assert stranger.browser.get("/profile").path.startswith("/sign-in")
    assert owner.browser.get("/profile").path == "/profile"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_sign_in_cookie_with_a_part_of_another_account_s_leads_nowhere(server: Server, part: int) -> None:
    owner, stranger = server.person(), server.person()
    for each in (owner, stranger):
        each.give_password()
    own, foreign = (each.browser.cookies[COOKIES["sign_in"]].split(".") for each in (owner, stranger))

    stranger.browser.cookies[COOKIES["sign_in"]] = ".".join([*foreign[:part], own[part], *foreign[part + 1 :]])

    assert stranger.browser.get("/sign-in/code").path.startswith("/sign-in?notice=")


def test_a_sign_in_cookie_is_no_session_and_a_session_cookie_is_no_sign_in(server: Server) -> None:
    half, whole = server.person(), server.person()
    half.give_password()
    whole.sign_in()

    half.browser.cookies[COOKIES["session"]] = half.browser.cookies.pop(COOKIES["sign_in"])
    whole.browser.cookies[COOKIES["sign_in"]] = whole.browser.cookies.pop(COOKIES["session"])

    assert half.browser.get("/profile").path.startswith("/sign-in")
    assert whole.browser.get("/sign-in/number").path.startswith("/sign-in?notice=")


def test_fields_that_no_form_owns_change_nothing_on_the_whole_way(server: Server) -> None:
    person, other = server.person(), server.person()
    other.sign_in()
    before = rows_of(other)
    person.browser.added = {**FIELDS_OF_NO_FORM, "account_id": other.account_id}
    person.sign_in()
    number, new = person.account["number_key"], new_number()

    link = person.request_change()
    asked = person.rows("phone_change")[0]["state"], person.account["number_key"]
    person.press(link)
    reset = person.rows("phone_change")[0]["state"], person.account["number_key"]
    person.give_password()
    person.enter_number(new)
    entered = person.rows("phone_change")[0]["state"], person.account["number_key"]
    finished = person.prove_number(new)

    assert asked == ("requested", number)
    assert reset == ("awaiting_new_number", None)
    assert entered == ("awaiting_code", None)
    assert finished.location == "/phone-change/finished"
    assert server.sinks.sms.to(STRANGE_NUMBER) == []
    assert rows_of(other) == before
    assert person.browser.get("/profile").text.count(f"+49 ••• ••• {new[-3:]}") > 0


def _state_by_its_history(person: Person) -> str:
    """Some of these lives end with an account that was frozen as it should be."""
    return "frozen" if person.acts("account_frozen") > person.acts("account_released") else "active"


def test_the_same_fields_change_nothing_in_whole_lives(life: Life) -> None:
    lived = life.people

    assert life.server.sinks.sms.to(STRANGE_NUMBER) == []
    assert [person.account["state"] for person in lived] == [_state_by_its_history(person) for person in lived]
    assert {row["account_id"] for person in lived for row in person.rows("phone_change")} < {
        person.account_id for person in lived
    }
    assert [row for row in life.server.rows("SELECT * FROM phone_change") if row["change_id"] == "0" * 32] == []


def test_the_same_fields_change_nothing_in_the_acts_of_a_session(server: Server) -> None:
    person, other = server.person(), server.person()
    other.sign_in()
    before = rows_of(other)
    person.browser.added = {**FIELDS_OF_NO_FORM, "account_id": other.account_id}
    person.sign_in()
    server.move(60)
    elsewhere = person.sign_in(server.visitor())
    person.request_change()
    session_id = elsewhere.cookies[COOKIES["session"]].split(".")[1]

    person.browser.post("/phone-change/cancel")
    person.browser.post(f"/sessions/{session_id}/end")
    person.browser.post("/language", {"language": "de"})
    person.browser.post("/reauthenticate", {"password": person.password})
    person.browser.get("/profile")
    person.browser.post("/sign-out")

    assert rows_of(other) == before
    assert person.live_sessions == 0
    assert person.rows("phone_change")[0]["state"] == "cancelled"
