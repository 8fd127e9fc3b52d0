"""Recovery codes without a window: what a person reads from the page, and types at the next sign-in."""

import re
from dataclasses import dataclass

from harness.person import Person
from harness.visitor import Reply, Visitor

CODES = "/profile/recovery-codes"
CODE = re.compile(r"<code>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</code>")
REPLACING = re.compile(r'name="replacing" value="([^"]*)"')


@dataclass
class Made:
    """A set as its page showed it."""

    reply: Reply
    codes: list[str]
    form: dict[str, str]


def make_codes(person: Person, *, proves_again: bool = True) -> Made:
    """Make a set on the profile, once the password was given again."""
    if proves_again:
        person.reauthenticate()
    found = REPLACING.search(person.browser.get(f"{CODES}/new").text)
    form = {"replacing": found[1]} if found else {}
    reply = person.browser.post(f"{CODES}/new" if found else CODES, form)
    page = person.browser.get(reply.location) if reply.location == f"{CODES}/made" else reply
    return Made(reply, CODE.findall(page.text), form)


def come_to_codes(person: Person, browser: Visitor | None = None) -> Visitor:
    """Give the password, and choose recovery codes."""
    at = browser or person.browser
    person.give_password(at)
    at.get("/sign-in/method")
    assert at.post("/sign-in/method/recovery-code").location == "/sign-in/recovery-code"
    at.get("/sign-in/recovery-code")
    return at


def give_code(browser: Visitor, code: str) -> Reply:
    """Enter one."""
    return browser.post("/sign-in/recovery-code", {"code": code})
