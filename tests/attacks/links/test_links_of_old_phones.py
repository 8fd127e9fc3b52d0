"""Threat: whoever has the old phone freezes the account again by links that came to it (SECURITY.md 47)."""

import pytest

from harness.person import STOP, Person
from harness.server import Server, new_number


def changed(server: Server) -> tuple[Person, str]:
    """Somebody who changed the number, and signed in on another browser afterwards; gives the new number."""
    person, new = server.person(), new_number()
    person.change_number(new)
    return person, new


def stops_on(person: Person, number: str) -> list[str]:
    """Every link that came to a phone."""
    person.server.await_sent(person.account_id)
    return [text.link(STOP) for text in person.server.sinks.sms.to(number) if STOP in text.text]


@pytest.mark.parametrize("option", ["--keep-number", ""])
def test_after_a_release_the_links_on_the_phone_that_is_no_longer_the_owner_s_freeze_nothing(
    server: Server, option: str
) -> None:
    person, new = changed(server)
    person.browser.get("/profile")
    person.press(person.mail("Your phone number was changed").link(STOP))
    server.run("account", "unfreeze", person.email, "--reason", "a call", *([option] if option else []))
    gone, stays = (person.number, new) if option else (new, person.number)
    server.await_sent(person.account_id)

    finder = server.visitor()
    for stop in stops_on(person, gone):
        assert finder.get(stop).status == 410
        assert "no longer belongs to the account" in finder.get(stop).text
        assert finder.post(stop).status == 410
    assert person.account["state"] == "active"
    assert person.press(stops_on(person, stays)[-1]).status == 303
    assert person.account["state"] == "frozen"


def test_the_mail_of_a_release_can_be_stopped(server: Server) -> None:
    person, _ = changed(server)
    person.press(person.mail("Your phone number was changed").link(STOP))
    server.run("account", "unfreeze", person.email, "--reason", "a call")

    person.press(person.mail("Your account is released").link(STOP))

    assert person.account["state"] == "frozen"
