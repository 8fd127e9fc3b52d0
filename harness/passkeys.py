"""Passkeys without a window: what the script of a page would fetch and post."""

from harness.person import PASSWORD, Person
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import Reply, Visitor


def give_passkey(person: Person, authenticator: SoftAuthenticator) -> None:
    """Sign in with the phone and add one."""
    browser = person.sign_in_to_manage()
    options = options_of(browser, "/profile/passkeys/options")
    browser.get("/profile/passkeys/new")
    reply = browser.post("/profile/passkeys/new", {"answer": authenticator.make(options), "name": "Key"})
    assert reply.location == "/profile?notice=passkey_added", reply.text


def options_of(browser: Visitor, path: str) -> str:
    """The question to an authenticator."""
    reply = browser.send("GET", path)
    assert (reply.status, reply.header("content-type").partition(";")[0]) == (200, "application/json"), reply.text
    return reply.text


def signed(browser: Visitor, authenticator: SoftAuthenticator, path: str = "/sign-in/with-passkey") -> str:
    """The answer to the question of a page."""
    return authenticator.sign(options_of(browser, f"{path}/options"))


def sign_in_alone(browser: Visitor, authenticator: SoftAuthenticator) -> Reply:
    """Sign in without any password."""
    browser.get("/sign-in")
    return browser.post("/sign-in/with-passkey", {"answer": signed(browser, authenticator)})


def give_password(person: Person, browser: Visitor) -> Reply:
    """Come to the page that asks for the passkey."""
    browser.get("/sign-in")
    return browser.submit("/sign-in", {"email": person.email, "password": PASSWORD})
