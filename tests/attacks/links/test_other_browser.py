"""Threat: whoever reads the mail and knows the password presses first, or renews the password (SECURITY.md row 46)."""

import pytest

from harness.person import NEW_PASSWORD, STOP, Person
from harness.server import Server, new_number
from harness.visitor import Reply, Visitor, rush

HOUR = 3600
WAIT = "/sign-in/wait"
WAIT_TOLD = "number_wait"


def asked(server: Server) -> tuple[Person, str]:
    """Somebody who has just asked for a change, and the link of the mail."""
    person = server.person()
    person.sign_in()
    return person, person.request_change()


def sign_in_by_mail(person: Person, browser: Visitor) -> Reply:
    """Give the password, and the mailbox's code where that is asked for; gives the page that follows."""
    reply = person.give_password(browser)
    if reply.location != "/sign-in/email-code":
        return reply
    browser.get("/sign-in/email-code")
    person.server.await_sent(person.account_id)
    return browser.post("/sign-in/email-code", {"code": person.mail("Your code").code})


def renew_password(person: Person, browser: Visitor, password: str = "the words of a thief") -> None:  # noqa: S107
    browser.get("/sign-in/forgotten")
    browser.post("/sign-in/forgotten", {"email": person.email})
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    browser.get(link)
    assert browser.post(link, {"password": password}).location == "/sign-in?notice=password_changed"
    person.password = password


def reaches_number(person: Person, browser: Visitor) -> bool:
    """Whether this browser can enter a number; it tries, whatever the page says."""
    number = new_number()
    sign_in_by_mail(person, browser)
    person.enter_number(number, browser)
    return bool(person.server.sinks.sms.to(number)) or person.rows("phone_change")[-1]["new_number"] is not None


@pytest.mark.parametrize("renews", [False, True])
def test_password_and_mailbox_bind_no_number_though_the_owner_asked(server: Server, *, renews: bool) -> None:
    person, link = asked(server)
    thief = server.visitor()
    assert person.press(link, thief).location == "/phone-change/removed"
    if renews:
        renew_password(person, thief)

    assert not reaches_number(person, thief)

    assert person.account["number"] is None
    assert person.told(WAIT_TOLD) == {"email": 1, "sms": 1}


def test_the_owner_goes_on_at_once_where_they_asked_though_somebody_else_pressed_and_waits(server: Server) -> None:
    person, link = asked(server)
    thief, number = server.visitor(), new_number()
    person.press(link, thief)
    sign_in_by_mail(person, thief)

    assert sign_in_by_mail(person, person.browser).location == "/sign-in/number"
    person.enter_number(number)
    assert person.prove_number(number).location == "/phone-change/finished"
    server.move(25 * HOUR)

    assert person.give_password(thief).location == "/sign-in/code"


def test_the_old_number_stops_the_wait_and_the_way_back_is_open(server: Server) -> None:
    person, link = asked(server)
    thief = server.visitor()
    person.press(link, thief)
    sign_in_by_mail(person, thief)
    person.server.await_sent(person.account_id)
    stop = person.texts[-1].link(STOP)

    assert person.press(stop, server.visitor()).location == stop
    server.move(25 * HOUR)

    assert person.give_password(thief).location == "/sign-in/release"
    assert person.rows("phone_change")[-1]["state"] == "stopped"


def test_after_the_wait_the_browser_that_waited_enters_the_number_and_no_other_does(server: Server) -> None:
    person, link = asked(server)
    waiting, other, number = server.visitor(), server.visitor(), new_number()
    person.press(link, waiting)
    assert sign_in_by_mail(person, waiting).location == WAIT
    assert "in which you asked" in waiting.get(WAIT).text
    server.move(24 * HOUR - 60)
    assert person.give_password(waiting).location == WAIT
    assert sign_in_by_mail(person, other).location == WAIT
    server.move(120)

    assert sign_in_by_mail(person, other).location == WAIT
    assert person.give_password(waiting).location == "/sign-in/number"
    person.enter_number(number, waiting)
    assert person.prove_number(number, waiting).location == "/phone-change/finished"

    assert person.told(WAIT_TOLD) == {"email": 1, "sms": 1}


def test_pressed_on_the_phone_and_gone_on_where_it_was_asked_for_needs_no_wait(server: Server) -> None:
    person, link = asked(server)
    phone, number = server.visitor(), new_number()
    person.press(link, phone)

    assert sign_in_by_mail(person, person.browser).location == "/sign-in/number"
    person.enter_number(number)

    assert person.prove_number(number).location == "/phone-change/finished"
    assert not person.told(WAIT_TOLD)


def test_two_browsers_that_begin_to_wait_at_once_begin_one_wait_and_tell_once(server: Server) -> None:
    person, link = asked(server)
    browsers = [server.visitor() for _ in range(2)]
    person.press(link, browsers[0])
    for browser in browsers:
        person.give_password(browser)
        browser.get("/sign-in/email-code")
    person.server.await_sent(person.account_id)
    code = person.mail("Your code").code

    rush(2, lambda turn: browsers[turn].post("/sign-in/email-code", {"code": code}))
    server.move(31)
    for browser in browsers:
        sign_in_by_mail(person, browser)

    assert person.told(WAIT_TOLD) == {"email": 1, "sms": 1}
    assert len(person.rows("wait")) == 1


def test_one_mailbox_alone_enters_no_first_number(server: Server) -> None:
    person = server.person(number=None)
    thief = server.visitor()
    renew_password(person, thief)

    assert not reaches_number(person, thief)

    assert person.told(WAIT_TOLD) == {"email": 1}
