"""Threat: a push that lets somebody in without the phone, its digits, or its owner's answer (rows 26, 27)."""

import json
import re
from html import unescape

from tests.attacks.person import Person
from tests.attacks.phone import Phone
from tests.attacks.server import Server

DIGITS = re.compile(r'<span class="unseen">((?:\d ?){6})</span>')
INVITATION = re.compile(r"/device#enrol=([\w-]{22})")


def add_phone(person: Person) -> Phone:
    """Sign in, make a QR code, and open it on a phone."""
    person.sign_in()
    begun = person.browser.post("/profile/push")
    assert begun.status == 303, begun.text
    page = person.browser.get(begun.location)
    found = INVITATION.search(unescape(page.body.decode()))
    assert found, page.text
    phone = Phone(person.server)
    reply = phone.enrol(found[1])
    assert reply.status == 201, reply.body
    return phone


def digits_of(person: Person) -> str:
    page = person.browser.send("GET", "/sign-in/push")
    found = DIGITS.search(page.body.decode())
    assert found, page.text
    return found[1].replace(" ", "")


def test_the_whole_way(server: Server) -> None:
    erika = server.person()
    phone = add_phone(erika)

    asked = erika.give_password()
    assert asked.location == "/sign-in/push"
    [prompt] = phone.prompts()
    answered = phone.answer(prompt, "approve", digits_of(erika))

    assert (answered.status, json.loads(answered.body)) == (200, {"state": "approved"})
    assert erika.browser.post("/sign-in/push/finish").location == "/"
    assert erika.browser.send("GET", "/profile").status == 200
