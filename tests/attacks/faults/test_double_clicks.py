"""Fault: a form sent twice, as a double click does where no script runs, tells anyone anything twice."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_hex

import pytest

from harness.person import Person
from harness.server import Server, new_number
from harness.visitor import rush
from tests.attacks.customer_relations import check_caller
from tests.attacks.sessions.states import (
    awaiting_factor,
    awaiting_number,
    awaiting_release_mailbox,
    nobody,
    signed_in,
)

FORM_ID = re.compile(r'name="form" value="([^"]+)"')
PAUSE = 120  # seconds, longer than any button waits


@dataclass(frozen=True)
class Form:
    """A form that sends something, and how a person comes to it."""

    come: Callable[[Server], Person]
    path: str
    fill: Callable[[Person], dict[str, str]] = lambda _: {}
    page: str = ""  # with an id, that tells it from the same page opened again
    waits: bool = False  # until it can be pressed once more


def changing(server: Server) -> Person:
    """A session with a change that waits for its link."""
    person = signed_in(server)
    person.request_change()
    return person


def with_others(server: Server) -> Person:
    """A session beside another one."""
    person = signed_in(server)
    person.sign_in(server.visitor())
    person.browser.get("/profile")
    return person


def proven(server: Server) -> Person:
    """A session in which the password was given again."""
    person = server.person()
    person.sign_in_to_manage()
    return person


def calling(server: Server) -> Person:
    """Somebody on the phone with customer relations, before the choice of a method."""
    person = server.person()
    number = check_caller(server, person)
    person.browser.get("/caller")
    person.browser.submit("/caller", {"number": number})
    return person


FORMS = {
    "a new password": Form(
        nobody, "/sign-in/forgotten", lambda person: {"email": person.email}, page="/sign-in/forgotten"
    ),
    "the change": Form(signed_in, "/phone-change"),
    "its link again": Form(changing, "/phone-change/again", waits=True),
    "a code again": Form(awaiting_factor, "/sign-in/code/again", waits=True),
    "a new number": Form(awaiting_number, "/sign-in/number", lambda _: {"country": "DE", "number": new_number()}),
    "a release": Form(awaiting_release_mailbox, "/sign-in/release"),
    "recovery": Form(awaiting_factor, "/sign-in/recovery", lambda _: {"form": token_hex(16)}),
    "the end of other sessions": Form(with_others, "/sessions/end-others"),
    "recovery codes": Form(proven, "/profile/recovery-codes"),
    "a call": Form(calling, "/caller/check/method/phone"),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_is_sent_twice_tells_once(server: Server, name: str) -> None:
    form = FORMS[name]
    person = form.come(server)
    if form.waits:
        server.move(PAUSE)
    server.await_sent(person.account_id)
    filled, before = {**form.fill(person), **page_id(person, form)}, told(person)

    replies = rush(2, lambda _: person.browser.copied().press(form.path, filled))

    assert {reply.status for reply in replies} == {303}
    assert set((told(person) - before).values()) <= {1}
    assert told(person) != before


def page_id(person: Person, form: Form) -> dict[str, str]:
    """Open the page of the form, if it has an id, and give that."""
    return {"form": FORM_ID.findall(person.browser.get(form.page).text)[0]} if form.page else {}


def told(person: Person) -> Counter[tuple[str, str]]:
    """Count what was told to somebody, by notice and channel."""
    return Counter((row["notice"], row["channel"]) for row in person.rows("outbox"))


def test_the_same_page_opened_again_asks_again(server: Server) -> None:
    person = nobody(server)
    for _ in range(2):
        filled = {"email": person.email, **page_id(person, FORMS["a new password"])}
        person.browser.press("/sign-in/forgotten", filled)

    assert told(person) == {("password_link", "email"): 2}
