"""Threat: a code used for something, somewhere or someone it was not sent for (SECURITY.md rows 3, 7; ASVS 6.6.2)."""

from collections.abc import Callable

import pytest

from harness.person import Person
from harness.server import Server, new_number
from harness.visitor import Reply, Visitor


def code_to(server: Server, number: str) -> str:
    """The newest code for connecting this number."""
    return server.sinks.sms.find(number, "connect this number").code


def give(browser: Visitor, path: str, code: str) -> Reply:
    """Type a code."""
    return browser.post(path, {"code": code})


def at_new_number(server: Server) -> Person:
    """Somebody who waits for the code to the new number."""
    person = server.person()
    person.new_number = new_number()
    person.come_to_number()
    person.enter_number(person.new_number)
    person.browser.get("/sign-in/number/code")
    return person


def at_phone(server: Server) -> Person:
    """Somebody who waits for the code to the bound number."""
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    return person


def at_mailbox(server: Server) -> Person:
    """Somebody who waits for the code to the mailbox, in a browser that did not press."""
    person = server.person()
    person.reset_number()
    person.browser = server.visitor()
    assert person.give_password().location == "/sign-in/email-code"
    person.browser.get("/sign-in/email-code")
    return person


WAITING: dict[str, tuple[Callable[[Server], Person], Callable[[Person], str]]] = {
    "/sign-in/code": (at_phone, lambda person: person.text(1).code),
    "/sign-in/number/code": (at_new_number, lambda person: code_to(person.server, person.new_number)),
    "/sign-in/email-code": (at_mailbox, lambda person: person.mail("Your code").code),
}


@pytest.mark.parametrize("path", WAITING)
@pytest.mark.parametrize("other", WAITING)
def test_another_account_s_code_of_any_purpose_is_refused(server: Server, path: str, other: str) -> None:
    (come, _), (come_too, read) = WAITING[path], WAITING[other]
    victim, attacker = come(server), come_too(server)
    before = victim.account["number_key"]

    reply = give(victim.browser, path, read(attacker))

    assert reply.status == 422
    assert victim.account["number_key"] == before
    assert victim.live_sessions == 0


@pytest.mark.parametrize(("path", "other"), [(path, other) for path in WAITING for other in WAITING if path != other])
def test_a_code_typed_on_the_page_of_another_purpose_does_nothing(server: Server, path: str, other: str) -> None:
    come, read = WAITING[other]
    person = come(server)

    reply = give(person.browser, path, read(person))

    assert reply.status == 303
    assert person.live_sessions == 0
    assert person.account["number_changed_at"] is None


def test_a_code_to_the_old_number_does_not_prove_the_new_one(server: Server) -> None:
    person = at_new_number(server)
    signed_in_with = person.text(1).code

    reply = give(person.browser, "/sign-in/number/code", signed_in_with)

    assert reply.status == 422
    assert person.account["number"] is None


def test_a_code_to_one_new_number_does_not_prove_another(server: Server) -> None:
    person = at_new_number(server)
    first, second = code_to(server, person.new_number), new_number()
    person.enter_number(second)
    person.browser.get("/sign-in/number/code")
    code_to(server, second)

    reply = give(person.browser, "/sign-in/number/code", first)

    assert reply.status == 422
    assert person.account["number"] is None


def test_a_code_of_an_earlier_change_does_not_complete_a_later_one(server: Server) -> None:
    person = at_new_number(server)
    earlier = code_to(server, person.new_number)
    give(person.browser, "/sign-in/number/code", earlier)
    server.move(11 * 60)
    first_change = person.rows("phone_change")[0]["change_id"]
    person.number = person.new_number
    person.press(person.request_change())
    person.give_password()
    person.enter_number(person.number)
    person.browser.get("/sign-in/number/code")

    reply = give(person.browser, "/sign-in/number/code", earlier)

    assert reply.status == 422
    assert {row["change_id"]: row["state"] for row in person.rows("phone_change")}[first_change] == "completed"
    assert person.account["number"] is None


def test_a_code_of_another_sign_in_of_the_same_account_is_refused(server: Server) -> None:
    person, thief = at_phone(server), server.visitor()
    owners = person.text(1).code
    person.give_password(thief)
    thief.get("/sign-in/code")
    thiefs = person.text(2).code

    crossed = [give(thief, "/sign-in/code", owners).status, give(person.browser, "/sign-in/code", thiefs).status]
    own = give(person.browser, "/sign-in/code", owners)

    assert owners != thiefs
    assert crossed == [422, 422]
    assert own.location == "/profile"
    assert person.live_sessions == 1


def test_a_code_works_once(server: Server) -> None:
    person = at_phone(server)
    right = person.text(1).code
    give(person.browser, "/sign-in/code", right)
    elsewhere = server.visitor()
    person.give_password(elsewhere)
    elsewhere.get("/sign-in/code")
    person.text(2)

    reply = give(elsewhere, "/sign-in/code", right)

    assert reply.status == 422
    assert person.live_sessions == 1


def test_link_and_text_to_the_new_number_without_the_password_are_not_enough(server: Server) -> None:
    person = server.person()
    person.sign_in()
    thief = server.visitor()
    person.press(person.request_change(), thief)

    entered = person.enter_number(new_number(), thief)
    proven = give(thief, "/sign-in/number/code", "000000")

    assert {entered.location, proven.location} == {"/sign-in?notice=number_removed"}
    assert person.account["number"] is None
    assert person.told("new_number_code") == {}
