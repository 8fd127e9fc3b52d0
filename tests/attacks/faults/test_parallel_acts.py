"""Threat: the same button pressed fifty times at once, in two processes (SECURITY.md row 6, ASVS 15.4.2)."""

from collections import Counter

from harness.person import digits_asked
from harness.ports import listeners
from harness.server import Server, new_number
from harness.visitor import rush

CROWD = 50


def test_fifty_presses_of_one_link_make_one_reset_one_mail_and_one_text(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    crowd = [server.visitor() for _ in range(CROWD)]
    for browser in crowd:
        browser.get(link)

    replies = rush(CROWD, lambda turn: crowd[turn].post(link))

    assert listeners(server.port) == 2, "the presses meet two processes"
    assert Counter(reply.status for reply in replies) == {303: 1, 410: CROWD - 1}
    assert person.told("number_reset") == {"email": 1, "sms": 1}
    assert person.acts("number_reset") == 1
    person.mail("Your phone number was reset")
    assert person.server.sinks.sms.find(person.number, "removed from your Example Card account").text


def test_who_presses_too_late_is_told_so_and_finds_the_way_on(server: Server) -> None:
    person = server.person()
    person.sign_in()
    link = person.request_change()
    late = server.visitor()
    late.get(link)
    person.press(link)

    reply = late.submit(link)

    assert "This link has already been used to remove the number. Continue by signing in." in reply.text
    assert '<a class="button main" href="/sign-in">' in reply.text
    assert "__Host-reset" not in late.cookies


def test_fifty_confirmations_of_the_dialog_send_one_mail(server: Server) -> None:
    person = server.person()
    browser = person.sign_in()
    browser.get("/phone-change/new")

    replies = rush(CROWD, lambda _: browser.copied().post("/phone-change"))

    assert {(reply.status, reply.location) for reply in replies} == {(303, "/profile?notice=change_requested")}
    assert person.told("change_requested") == {"email": 1}
    assert len(person.rows("phone_change")) == 1


def test_fifty_completions_bind_the_number_once_and_tell_once(server: Server) -> None:
    person, new = server.person(), new_number()
    browser = person.come_to_number()
    person.enter_number(new)
    browser.get("/sign-in/number/code")
    code = server.sinks.sms.find(new, "connect this number").code

    replies = rush(CROWD, lambda _: browser.copied().post("/sign-in/number/code", {"code": code}))

    outcomes = Counter((reply.status, reply.location) for reply in replies)
    assert outcomes.pop((303, "/phone-change/finished")) == 1
    assert set(outcomes) <= {(303, "/sign-in?notice=session_ended"), (303, "/profile")}
    assert person.told("number_changed") == {"email": 1, "sms": 1}
    assert person.acts("number_changed") == person.acts("code_proven") - 1 == 1
    assert person.live_sessions == 1


def test_fifty_freezes_by_one_link_freeze_once_and_tell_once(server: Server) -> None:
    person = server.person()
    person.reset_number()
    stop = person.mail("Your phone number was reset").link("/freeze")
    crowd = [server.visitor() for _ in range(CROWD)]
    forms = [digits_asked(browser.get(stop)) for browser in crowd]

    replies = rush(CROWD, lambda turn: crowd[turn].post(stop, forms[turn]))

    assert {(reply.status, reply.location) for reply in replies} == {(303, stop)}
    assert person.told("account_frozen") == {"email": 1, "sms": 1}
    assert person.acts("account_frozen") == 1
