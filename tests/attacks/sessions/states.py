"""Every standing that a browser can have with us, from a stranger's to an owner's."""

from collections.abc import Callable

from harness.passkeys import give_passkey, sign_in_alone
from harness.person import RELEASE, STOP, Person
from harness.server import Server, new_number
from harness.soft_authenticator import SoftAuthenticator
from harness.visitor import Reply, Visitor


def nobody(server: Server) -> Person:
    """A stranger, before any password."""
    person = server.person()
    person.browser.get("/sign-in")
    return person


def awaiting_factor(server: Server) -> Person:
    """After the password, before the code to the phone."""
    person = server.person()
    person.browser.get(person.give_password().location)
    return person


def awaiting_mailbox(server: Server) -> Person:
    """After the reset, in a browser that did not press."""
    person = server.person()
    person.reset_number()
    person.browser = server.visitor()
    person.browser.get(person.give_password().location)
    return person


def waiting(server: Server) -> Person:
    """After the mailbox's code in a browser that did not ask: a day has to pass."""
    person = awaiting_mailbox(server)
    person.browser.submit("/sign-in/email-code", {"code": person.mail("Your code").code})
    return person


def awaiting_number(server: Server) -> Person:
    """After the reset and the password, before the new number."""
    person = server.person()
    person.come_to_number().get("/sign-in/number")
    return person


def awaiting_code(server: Server) -> Person:
    """After the new number, before its code."""
    person = awaiting_number(server)
    person.new_number = new_number()
    person.enter_number(person.new_number)
    person.browser.get("/sign-in/number/code")
    return person


def administering(server: Server) -> Person:
    """A session by passkey of somebody who administers a company."""
    person, authenticator = server.person(), SoftAuthenticator(origin=server.origin)
    name = f"Company of {person.account_id}"
    server.run("organisation", "add", name)
    server.run("organisation", "join", person.email, "--organisation", name)
    server.run("organisation", "administrator", person.email)
    give_passkey(person, authenticator)
    assert sign_in_alone(person.browser, authenticator).location == "/profile"
    assert person.browser.get("/company").status == 200
    return person


def frozen(server: Server) -> Person:
    """A session that was open when the account was frozen."""
    person = server.person()
    person.sign_in()
    person.request_change()
    person.press(person.mail("Change your phone number").link(STOP), server.visitor())
    return person


def awaiting_release_mailbox(server: Server) -> Person:
    """A frozen account's owner, before the first code."""
    person = frozen(server)
    person.browser.get(person.give_password().location)
    return person


def awaiting_release_number(server: Server) -> Person:
    """A frozen account's owner, between the two codes."""
    person = awaiting_release_mailbox(server)
    person.browser.submit("/sign-in/release")
    person.browser.submit("/sign-in/release/email", {"code": person.mail("code to release").code})
    return person


def awaiting_release_by_link(server: Server) -> Person:
    """A frozen account's owner without the password, before the code of the number."""
    person = frozen(server)
    server.move(700)
    person.browser = server.visitor()
    open_release(person, person.browser)
    person.browser.get("/sign-in/release/phone")
    return person


def open_release(person: Person, browser: Visitor) -> Reply:
    """Ask for a new password, and press the button behind the link that comes."""
    browser.get("/sign-in/forgotten")
    browser.post("/sign-in/forgotten", {"email": person.email})
    person.server.await_sent(person.account_id)
    link = person.mail("Release your account and choose").link(RELEASE)
    browser.get(link)
    return browser.post(link)


def awaiting_release_password(server: Server) -> Person:
    """The same after the code, the wait and another code."""
    person = awaiting_release_by_link(server)
    for _ in range(2):
        server.move(86400)
        open_release(person, person.browser)
        person.server.await_sent(person.account_id)
        code = [text.code for text in person.texts if "to release" in text.text][-1]
        person.browser.get("/sign-in/release/phone")
        person.browser.submit("/sign-in/release/phone", {"code": code})
    return person


def signed_in(server: Server) -> Person:
    """A full session."""
    person = server.person()
    person.sign_in()
    return person


def stale(server: Server) -> Person:
    """A full session whose last authentication is old."""
    person = signed_in(server)
    server.move(15 * 60 + 1)
    person.browser.get("/profile")
    return person


def without_factor(server: Server) -> Person:
    """A session that no second factor ever stood for, put there past every flow."""
    person = signed_in(server)
    server.write(f"UPDATE session SET factor = NULL, factor_at = NULL WHERE account_id = '{person.account_id}'")  # noqa: S608
    return person


def revived(server: Server) -> Person:
    """A frozen account's session that was never ended, put there past every flow."""
    person = frozen(server)
    server.write(f"UPDATE session SET ended_at = NULL WHERE account_id = '{person.account_id}'")  # noqa: S608 - our id
    return person


SIGN_INS: dict[Callable[[Server], Person], str] = {
    awaiting_factor: "/sign-in/code",
    awaiting_mailbox: "/sign-in/email-code",
    waiting: "/sign-in/wait",
    awaiting_number: "/sign-in/number",
    awaiting_code: "/sign-in/number",
    awaiting_release_mailbox: "/sign-in/release",
    awaiting_release_number: "/sign-in/release/phone",
    awaiting_release_by_link: "/sign-in/release/phone",
    awaiting_release_password: "/sign-in/release/password",
}
FOR_THE_NEW_NUMBER = (awaiting_mailbox, waiting, awaiting_number, awaiting_code)
ENROLMENTS = (awaiting_number, awaiting_code)
NOBODIES = (nobody, frozen, revived)
