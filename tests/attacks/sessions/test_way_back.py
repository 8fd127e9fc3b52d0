"""Threat: the owner shut out by acts that need less proof than the way back (SECURITY.md rows 41, 43)."""

import re

from harness.passkeys import give_passkey
from harness.person import STOP, Person
from harness.server import Server, new_number
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import Reply, Visitor
from tests.attacks.sessions.states import frozen, open_release
from tests.attacks.sessions.test_one_stolen_phone import renew_password

FOUR_DAYS = 4 * 86400


def with_passkey(server: Server) -> Person:
    """Somebody with a phone and a passkey, which both have stood for some days."""
    person = server.person()
    give_passkey(person, SoftAuthenticator(origin=server.origin))
    server.move(FOUR_DAYS)
    return person


def report_phone_lost(person: Person, thief: Visitor) -> Reply:
    """Report it with nothing but the password."""
    person.give_password(thief)
    thief.get("/sign-in/lost")
    return thief.post("/sign-in/lost/phone")


def codes_to(person: Person, number: str = "") -> list[str]:
    """The codes that a phone got, once all has left the house."""
    person.server.await_sent(person.account_id)
    return [each.code for each in person.server.sinks.sms.to(number or person.number) if "#" in each.text]


def release(person: Person, browser: Visitor, number: str = "", *, later: bool = False) -> Reply:
    """Sign in to the frozen account, and give both codes."""
    assert person.give_password(browser).location == "/sign-in/release"
    browser.get("/sign-in/release")
    begun = browser.post("/sign-in/release", {"number": "later"} if later else {})
    assert begun.location == "/sign-in/release/email"
    browser.get("/sign-in/release/email")
    person.server.await_sent(person.account_id)
    code = person.mail("Your code to release").code
    assert browser.post("/sign-in/release/email", {"code": code}).location == "/sign-in/release/phone"
    page = browser.get("/sign-in/release/phone")
    assert "wrong codes" not in page.text
    return browser.post("/sign-in/release/phone", {"code": codes_to(person, number)[-1]})


def test_who_reports_the_phone_lost_with_the_password_alone_does_not_close_the_release(server: Server) -> None:
    person, thief = with_passkey(server), server.visitor()
    assert report_phone_lost(person, thief).location == "/sign-in/method?lost=phone"
    stop = person.mail("reported lost").link(STOP)
    owner = server.visitor()
    assert person.press(stop, owner).location == stop

    released = release(person, owner)

    assert released.location == "/sign-in?notice=released"
    assert person.account["state"] == "active"
    server.move(700)
    assert person.give_password(owner).location == "/sign-in/code", "the phone is trusted again"
    owner.get("/sign-in/code")
    assert owner.post("/sign-in/code", {"code": codes_to(person)[-1]}).location == "/profile"


def test_guesses_at_a_release_pause_it_for_a_day_and_the_page_says_until_when(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    server.run("account", "freeze", person.email, "--reason", "a call")
    assert person.give_password(thief).location == "/sign-in/release"
    thief.get("/sign-in/release")
    thief.post("/sign-in/release")
    thief.get("/sign-in/release/email")
    replies: list[Reply] = []
    for turn in range(2):
        person.server.await_sent(person.account_id)
        code = person.mail("Your code to release").code
        wrong = {"code": f"{(int(code) + 1) % 10**6:06}"}
        replies = [thief.post("/sign-in/release/email", wrong) for _ in range(5)]
        if turn == 0:
            server.move(700)
            assert person.give_password(thief).location == "/sign-in/release"
            thief.get("/sign-in/release")
            thief.post("/sign-in/release")
            thief.get("/sign-in/release/email")
    assert (replies[-1].status, "none is taken until" in replies[-1].text) == (403, True)
    assert person.rows("authenticator")[0]["factor"] == "release-mailbox"

    server.move(86400)

    assert release(person, server.visitor()).location == "/sign-in?notice=released"


def test_an_old_phone_delays_a_release_by_two_weeks_and_no_more(server: Server) -> None:
    """Whoever has the number of before freezes by a text on it; the owner no longer has that phone."""
    person, number = server.person(), new_number()
    person.change_number(number)
    server.move(6.9 * 86400)
    server.await_sent(person.account_id)
    stop = next(text.link(STOP) for text in reversed(person.texts) if STOP in text.text)
    thief = server.visitor()
    assert person.press(stop, thief).location == stop

    owner = server.visitor()
    person.give_password(owner)
    shown = owner.get("/sign-in/release").text
    assert "your present number releases the account too" in shown
    server.move(7 * 86400)
    assert release(person, owner, number, later=True).location == "/sign-in/wait"
    server.move(7 * 86400)
    released = release(person, owner, number, later=True)

    assert released.location == "/sign-in?notice=released"
    assert person.account["state"] == "active"


def by_link(person: Person, browser: Visitor) -> Reply:
    """Ask for a new password of the frozen account, press what comes, and give the number's code."""
    person.server.move(700)
    assert open_release(person, browser).location == "/sign-in/release/phone"
    browser.get("/sign-in/release/phone")
    return browser.post("/sign-in/release/phone", {"code": codes_to(person)[-1]})


def test_who_renewed_the_password_by_mail_before_the_freeze_does_not_shut_the_owner_out(server: Server) -> None:
    """The owner knows the password from before, reads the same mail, and has the number; nobody helps."""
    person, thief = server.person(), server.visitor()
    renew_password(person, thief)
    assert person.press(person.mail("Your password was changed").link(STOP), server.visitor()).location
    owner = server.visitor()

    assert by_link(person, owner).location == "/sign-in/wait"
    assert person.told("release_wait") == {"email": 1, "sms": 1}
    server.move(86400)
    assert by_link(person, owner).location == "/sign-in/release/password"
    assert (person.account["state"], person.live_sessions) == ("frozen", 0)
    owner.get("/sign-in/release/password")
    released = owner.post("/sign-in/release/password", {"password": "the words of the owner"})

    assert (released.location, person.account["state"]) == ("/sign-in?notice=released", "active")
    thief.get("/sign-in")
    assert person.give_password(thief).status == 422, "the thief's own words are over"
    person.password = "the words of the owner"
    assert person.give_password(owner).location == "/sign-in/code"


def test_the_mailbox_alone_opens_the_link_and_gets_no_further(server: Server) -> None:
    person, thief = frozen(server), server.visitor()
    assert open_release(person, thief).location == "/sign-in/release/phone"

    for page in ("/sign-in/release/password", "/sign-in/wait", "/profile", "/sign-in/method"):
        assert thief.send("GET", page).location == "/sign-in/release/phone"
    thief.get("/sign-in/release/phone")
    assert thief.post("/sign-in/release/phone", {"code": "000000"}).status == 422

    assert (person.account["state"], person.live_sessions) == ("frozen", 0)


def test_the_page_of_a_forgotten_password_says_the_same_of_a_frozen_account(server: Server) -> None:
    known, locked = server.person().email, frozen(server).email

    told = {ask_for_link(server, email) for email in (known, locked, "nobody@example.com")}

    assert len(told) == 1


def ask_for_link(server: Server, email: str) -> tuple[int, str]:
    """The answer to a stranger who enters this address, but for the address itself and what differs in each page."""
    visitor = server.visitor()
    visitor.get("/sign-in/forgotten")
    reply = visitor.post("/sign-in/forgotten", {"email": email})
    text = re.sub(r'name="csrf" value="[0-9a-f]+"', "", reply.text.replace(email, ""))
    return reply.status, re.sub(r"[0-9a-f]{16,}", "", text)
