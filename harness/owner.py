"""Somebody with a phone that answers, and the sign-in page that shows the digits."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from itertools import count

from harness.person import Person
from harness.phone import Phone, b64u
from harness.server import Server
from harness.visitor import Reply, Visitor

DIGITS = re.compile(r'<span class="unseen">((?:\d ?){6})</span>')
INVITATION = re.compile(r"/device#enrol=([\w-]{22})")
WAITING = re.compile(r'name="device" value="(\w{32})"')
AUTH = b"0123456789abcdef"
paths = count(1)


@dataclass
class Owner:
    """Somebody with a phone that answers."""

    person: Person
    phone: Phone
    invitation: str = field(repr=False)

    @property
    def browser(self) -> Visitor:
        return self.person.browser

    def give_password(self, browser: Visitor | None = None) -> Visitor:
        at = browser or self.browser
        assert self.person.give_password(at).location == "/sign-in/push"
        at.get("/sign-in/push")
        return at

    @property
    def states(self) -> Counter[str]:
        return Counter(row["state"] for row in self.person.rows("prompt"))

    @property
    def misses(self) -> int:
        rows = [row for row in self.person.rows("authenticator") if row["factor"] == "push"]
        return int(rows[0]["wrong_in_a_row"]) if rows else 0


def an_owner(server: Server) -> Owner:
    """Sign in, make a QR code, open it on a phone."""
    return owner_of(server.person())


def owner_of(person: Person) -> Owner:
    """Give somebody such a phone."""
    person.sign_in()
    token = invited(person)
    phone = Phone(person.server)
    reply = phone.enrol(token)
    assert reply.status == 201, reply.body
    confirm(person.browser, phone.confirm_url)
    return Owner(person, phone, token)


def confirm(browser: Visitor, url: str) -> None:
    """Press "Add" on the page that shows the code, and now the device that has scanned it."""
    added = browser.post(f"{url}/confirm", {"device": waiting_at(browser, url)})
    assert added.location == "/profile?notice=push_added", added.text


def reject(browser: Visitor, url: str) -> Reply:
    """Say there that it isn't one's own device."""
    return browser.submit(f"{url}/reject", {"device": waiting_at(browser, url)})


def waiting_at(browser: Visitor, url: str) -> str:
    """The device that the page with the code shows."""
    page = browser.get(url)
    shown = WAITING.search(page.body.decode())
    assert shown, page.text
    return shown[1]


def invited(person: Person) -> str:
    """Have a QR code made in the session; gives the token that it holds."""
    person.reauthenticate()
    page = person.browser.submit("/profile/push")
    token = INVITATION.search(unescape(page.body.decode()))
    assert token, page.text
    return token[1]


def digits_on(browser: Visitor) -> str:
    page = browser.send("GET", "/sign-in/push")
    found = DIGITS.search(page.body.decode())
    assert found, page.text
    return found[1].replace(" ", "")


def finish(browser: Visitor) -> Reply:
    return browser.post("/sign-in/push/finish")


def is_signed_in(browser: Visitor) -> bool:
    return browser.send("GET", "/profile").status == 200


def subscribe(server: Server, phone: Phone) -> str:
    """Subscribe at the push service of the tests, and give the path there."""
    path = f"/push/{next(paths)}"
    keys = {"p256dh": phone.point, "auth": b64u(AUTH)}
    reply = phone.call("PUT", "/subscription", {"endpoint": server.sinks.push.origin + path, "keys": keys})
    assert reply.status == 204, reply.body
    return path
