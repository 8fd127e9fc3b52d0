"""Threat: somebody signs in from a browser of their own, and the owner never hears of it."""

from harness.passkeys import give_passkey, sign_in_alone
from harness.person import NEW_PASSWORD, STOP, Person
from harness.server import Server
from harness.soft_authenticator import SoftAuthenticator

ONCE, TWICE = {"email": 1, "sms": 1}, {"email": 2, "sms": 2}


def told(person: Person) -> dict[str, int]:
    """How often a sign-in from a new browser was told, by channel."""
    return dict(person.told("new_browser"))


def test_the_first_sign_in_of_all_and_each_from_a_new_browser_are_told_on_each_channel(server: Server) -> None:
    person = server.person()

    person.sign_in()
    assert told(person) == ONCE
    person.sign_in()
    assert told(person) == ONCE, "this one is known"
    person.sign_in(server.visitor())

    assert told(person) == TWICE
    person.press(server.sinks.sms.find(person.number, "new browser").link(STOP))
    assert person.account["state"] == "frozen"


def test_a_passkey_alone_from_a_new_browser_is_told_too(server: Server) -> None:
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    give_passkey(person, authenticator)

    assert sign_in_alone(server.visitor(), authenticator).location == "/profile"

    assert told(person) == TWICE


def test_a_freeze_and_its_release_forget_the_browsers_that_were_known(server: Server) -> None:
    person = server.person()
    person.sign_in()
    server.run("account", "freeze", person.email, "--reason", "a call")
    server.run("account", "unfreeze", person.email, "--reason", "a call")

    person.sign_in()

    assert told(person) == TWICE


def test_a_password_by_mail_forgets_them_as_well(server: Server) -> None:
    person = server.person()
    person.sign_in()
    person.browser.get("/sign-in/forgotten")
    person.browser.post("/sign-in/forgotten", {"email": person.email})
    link = person.mail("Choose a new password").link(NEW_PASSWORD)
    person.browser.get(link)
    person.password = "a very different horse"
    assert person.browser.post(link, {"password": person.password}).status == 303

    person.sign_in()

    assert told(person) == TWICE
