"""Threat: a session that is planted, kept or used by somebody else (SECURITY.md rows 20, 21; ASVS 7.2.4, 7.5.2)."""

import re

from harness.person import NEW_PASSWORD, STOP, Person
from harness.server import Server
from harness.visitor import Visitor

SESSION, SIGN_IN, BROWSER, RESET = "__Host-session", "__Host-sign-in", "__Host-browser", "__Host-reset"
TOKEN = re.compile(r"[0-9a-f]{32}")


def is_open(browser: Visitor) -> bool:
    """Whether the profile is shown to this browser."""
    return browser.get("/profile").path == "/profile"


def two_sessions(server: Server) -> tuple[Person, Visitor]:
    """Somebody signed in twice."""
    person = server.person()
    person.sign_in()
    return person, person.sign_in(server.visitor())


def test_a_planted_cookie_never_becomes_a_session(server: Server) -> None:
    person = server.person()
    planted = {name: ".".join((person.account_id, "0" * 32, "1" * 32)) for name in (SESSION, SIGN_IN)}
    person.browser.cookies |= planted

    person.sign_in()

    assert person.browser.cookies[SESSION] != planted[SESSION]
    assert SIGN_IN not in person.browser.cookies
    thief = server.visitor()
    thief.cookies |= planted
    assert not is_open(thief)


def test_each_step_of_a_sign_in_has_a_new_random_token_and_the_old_one_dies(server: Server) -> None:
    person = server.person()
    person.give_password()
    before = person.browser.copied()
    person.browser.get("/sign-in/code")
    person.browser.submit("/sign-in/code", {"code": person.text(1).code})
    again = person.sign_in(server.visitor())

    tokens = [cookie.split(".") for cookie in (before.cookies[SIGN_IN], person.browser.cookies[SESSION])]
    tokens.append(again.cookies[SESSION].split("."))

    assert all(TOKEN.fullmatch(token) for _, _, token in tokens)  # 128 bits
    assert len({token for _, _, token in tokens}) == len({row_id for _, row_id, _ in tokens}) == 3
    assert before.get("/sign-in/code").path.startswith("/sign-in?")


def test_tokens_are_kept_as_keyed_hashes(server: Server) -> None:
    person = server.person()
    person.sign_in()
    token = person.browser.cookies[SESSION].split(".")[2]

    kept = [row["token_key"] for table in ("session", "sign_in") for row in person.rows(table)]

    assert {len(key) for key in kept} == {32}
    assert bytes.fromhex(token) not in b"".join(kept)


def test_entering_the_password_again_renews_the_token_and_the_old_one_dies(server: Server) -> None:
    person = server.person()
    person.sign_in()
    server.move(15 * 60 + 1)
    stolen = person.browser.copied()

    person.reauthenticate()

    assert is_open(person.browser)
    assert not is_open(stolen)
    assert person.live_sessions == 1


def test_the_reset_ends_every_session_and_opens_none(server: Server) -> None:
    person, other = two_sessions(server)
    server.move(60)
    elsewhere = server.visitor()

    person.press(person.request_change(), elsewhere)

    assert not is_open(person.browser)
    assert not is_open(other)
    assert not is_open(elsewhere)
    assert person.live_sessions == 0


def test_the_freeze_ends_every_session_and_every_sign_in_under_way(server: Server) -> None:
    person, other = two_sessions(server)
    server.move(60)
    person.request_change()
    half = server.visitor()
    person.give_password(half)

    person.press(person.mail("Change your phone number").link(STOP), server.visitor())

    assert not is_open(person.browser)
    assert not is_open(other)
    assert half.get("/sign-in/code").path.startswith("/sign-in?")
    assert person.live_sessions == 0


def test_a_new_password_ends_every_session(server: Server) -> None:
    person, other = two_sessions(server)
    person.browser.get("/sign-in/forgotten")
    person.browser.post("/sign-in/forgotten", {"email": person.email})
    elsewhere = server.visitor()
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    elsewhere.get(link)

    elsewhere.post(link, {"password": "a very different horse"})

    assert not is_open(person.browser)
    assert not is_open(other)
    assert not is_open(elsewhere)


def test_a_person_lists_their_sessions_and_ends_them(server: Server) -> None:
    person, other = two_sessions(server)
    third = person.sign_in(server.visitor())
    listed = re.findall(r'action="/sessions/([0-9a-f]{32})/end"', person.browser.get("/profile").text)

    person.browser.post(f"/sessions/{other.cookies[SESSION].split('.')[1]}/end")
    one_ended = is_open(other), is_open(third)
    person.browser.post("/sessions/end-others")

    assert len(listed) == 2
    assert one_ended == (False, True)
    assert not is_open(third)
    assert is_open(person.browser)


def test_signing_out_ends_the_session_on_the_server(server: Server) -> None:
    person = server.person()
    person.sign_in()
    stolen = person.browser.copied()

    person.browser.post("/sign-out")

    assert SESSION not in person.browser.cookies
    assert not is_open(stolen)


def test_a_session_ends_after_an_hour_unused_and_after_a_day_in_any_case(server: Server) -> None:
    idle, busy = server.person(), server.person()
    idle.sign_in()
    busy.sign_in()

    for _ in range(24):
        server.move(59 * 60)
        assert is_open(busy.browser)
    server.move(59 * 60)

    assert not is_open(idle.browser)
    assert not is_open(busy.browser)


def test_the_mark_of_the_browser_that_pressed_is_no_way_in_by_itself(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    pressing = server.visitor()
    person.press(link, pressing)
    thief = server.visitor()
    thief.cookies[RESET] = pressing.cookies[RESET]

    assert thief.get("/sign-in/number").path.partition("?")[0] == "/sign-in"
    assert not is_open(thief)


def test_signing_in_anew_in_the_same_browser_leaves_no_session_behind(server: Server) -> None:
    person = server.person()
    person.sign_in()
    stolen = person.browser.copied()
    assert is_open(stolen)

    person.browser.post("/sign-in", {"email": person.email, "password": person.password})

    assert not is_open(stolen)


def test_a_way_back_that_no_header_can_carry_leads_to_the_profile(server: Server) -> None:
    person = server.person()
    person.sign_in()

    for back in ("/\u2603", "/\u20ac?next=/", "/profile\r\nX: y", "//evil.example", "/\\\\evil.example"):
        reply = person.browser.post("/language", {"language": "de", "back": back})
        assert (reply.status, reply.location) == (303, "/profile"), back
