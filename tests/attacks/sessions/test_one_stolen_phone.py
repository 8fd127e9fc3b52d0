"""Threat: mail and text on one stolen phone renew the password and undo the owner's freeze (SECURITY.md row 43)."""

import pytest

from harness.passkeys import give_passkey
from harness.person import NEW_PASSWORD, STOP, Person
from harness.recovery_codes import make_codes
from harness.server import Server
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import Reply, Visitor

DAY, LATER = 24 * 3600, 11 * 60
WAIT, DOUBT = "/sign-in/wait", "/profile/wait"


def renew_password(person: Person, thief: Visitor) -> None:
    """Choose a password by the mail program of the phone."""
    person.server.move(LATER)
    thief.get("/sign-in/forgotten")
    thief.post("/sign-in/forgotten", {"email": person.email})
    person.server.await_sent(person.account_id)
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    thief.get(link)
    assert thief.post(link, {"password": "the words of a thief"}).location == "/sign-in?notice=password_changed"
    person.password = "the words of a thief"
    person.server.await_sent(person.account_id)


def freeze(person: Person) -> None:
    """Press "This wasn't me" in the mail that told of the new password."""
    owner, stop = person.server.visitor(), person.mail("Your password was changed").link(STOP)
    assert person.press(stop, owner).location == stop


def codes(person: Person) -> list[str]:
    return [text.code for text in person.texts if "to release" in text.text]


def give_both_codes(person: Person, browser: Visitor) -> Reply:
    """Password, the mailbox's code, the number's code: all of them come to the phone."""
    person.server.move(LATER)
    assert person.give_password(browser).location == "/sign-in/release"
    browser.get("/sign-in/release")
    browser.submit("/sign-in/release")
    person.server.await_sent(person.account_id)
    browser.submit("/sign-in/release/email", {"code": person.mail("code to release").code})
    person.server.await_sent(person.account_id)
    return browser.post("/sign-in/release/phone", {"code": codes(person)[-1]})


def stolen_and_frozen(server: Server) -> tuple[Person, Visitor]:
    person, thief = server.person(), server.visitor()
    person.sign_in()
    renew_password(person, thief)
    freeze(person)
    return person, thief


def test_mail_and_text_on_one_phone_do_not_undo_the_freeze_at_once(server: Server) -> None:
    person, thief = stolen_and_frozen(server)

    assert give_both_codes(person, thief).location == WAIT

    assert person.account["state"] == "frozen"
    assert person.told("release_wait") == {"email": 1, "sms": 1}
    assert "Both codes were right" in thief.get(WAIT).text


@pytest.mark.parametrize("channel", ["mail", "text"])
def test_each_channel_keeps_it_frozen_and_the_wait_counts_for_nothing_then(server: Server, channel: str) -> None:
    person, thief = stolen_and_frozen(server)
    give_both_codes(person, thief)
    person.server.await_sent(person.account_id)
    told = person.mail("will soon be released") if channel == "mail" else person.texts[-1]
    stop, owner = told.link(STOP), server.visitor()
    assert "Keep it frozen" in owner.get(stop).text
    assert person.press(stop, owner).location == stop
    assert "Keep it frozen" not in owner.get(stop).text
    server.move(DAY)

    assert give_both_codes(person, thief).location == WAIT

    assert person.account["state"] == "frozen"
    assert person.told("release_stopped")["email"] == 1
    assert person.told("notices_joined") == {"sms": 1}, "the day's budget of texts was used up by then"


def test_after_the_wait_the_owner_without_another_factor_gets_back_without_an_operator(server: Server) -> None:
    person, browser = stolen_and_frozen(server)
    give_both_codes(person, browser)
    server.move(DAY)

    assert give_both_codes(person, server.visitor()).location == WAIT, "in another browser it counts for nothing"
    assert give_both_codes(person, browser).location == "/sign-in?notice=released"
    assert person.account["state"] == "active"


def test_a_release_with_the_password_that_the_owner_chose_takes_no_wait(server: Server) -> None:
    person = server.person()
    person.sign_in()
    server.run("account", "freeze", person.email, "--reason", "a call")

    assert give_both_codes(person, person.browser).location == "/sign-in?notice=released"


def test_an_older_factor_releases_at_once_and_stays_trusted(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    authenticator = SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)
    recovery = make_codes(person).codes
    renew_password(person, thief)
    freeze(person)
    owner = server.visitor()
    assert give_both_codes(person, owner).location == WAIT
    methods = owner.get("/sign-in/method").text
    assert "/sign-in/method/phone" not in methods

    owner.post("/sign-in/method/recovery-code")
    owner.get("/sign-in/recovery-code")
    assert owner.post("/sign-in/recovery-code", {"code": recovery[0]}).location == "/sign-in?notice=released"

    assert person.account["state"] == "active"


def ask(person: Person, browser: Visitor) -> Reply:
    browser.get("/profile")
    return browser.post("/phone-change")


def test_for_a_week_a_text_proves_no_password_that_was_renewed_by_mail(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    renew_password(person, thief)
    person.sign_in(thief)

    assert ask(person, thief).location == DOUBT
    assert "text message alone" in thief.get(DOUBT).text
    assert person.rows("phone_change") == []
    server.move(7 * DAY)
    person.sign_in(thief)

    assert ask(person, thief).location == "/profile?notice=change_requested"


def test_what_was_added_after_the_new_password_proves_it_no_better(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    renew_password(person, thief)
    person.browser = thief
    authenticator = SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)

    assert ask(person, thief).location == DOUBT


def test_the_wait_for_a_change_is_told_everywhere_and_ends_with_a_freeze(server: Server) -> None:
    person, thief = server.person(), server.visitor()
    renew_password(person, thief)
    person.sign_in(thief)
    thief.get(DOUBT)
    assert thief.post(DOUBT).location == DOUBT
    assert person.told("password_wait") == {"email": 1, "sms": 1}
    assert ask(person, thief).location == DOUBT
    server.move(DAY)
    waited = person.sign_in(thief)
    elsewhere = person.sign_in(server.visitor())

    assert ask(person, elsewhere).location == DOUBT
    assert ask(person, waited).location == "/profile?notice=change_requested"
