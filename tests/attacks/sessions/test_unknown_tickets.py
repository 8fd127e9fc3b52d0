"""Threat: a cookie, link or device of what isn't there: erased, restored, another installation (SECURITY.md row 50)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from harness.owner import Owner, an_owner
from harness.person import NEW_PASSWORD, STOP, Person
from harness.server import Server
from harness.visitor import Reply
from renumber.web import api
from renumber.web.app import PAGES

PARAMETER = re.compile(r"\{(\w+):str\}")
OF_ACCOUNT = ("session", "sign_in", "link", "device", "phone_change", "challenge", "prompt", "authenticator", "passkey")
TYPED = {
    "code": "000000",
    "country": "DE",
    "number": "+4915120000000",
    "password": "vurmix gapolde 27",
    "name": "Pixel",
    "language": "de",
    "answer": "{}",
}


@dataclass
class Left:
    """All that somebody has kept of an account: two cookies, links, and a phone with its key."""

    owner: Owner
    cookies: list[dict[str, str]]
    tokens: list[str]

    @property
    def ids(self) -> list[str]:
        """Ids and tokens, to put wherever an address has room for one."""
        parts = [part for jar in self.cookies for value in jar.values() for part in value.split(".")]
        return [*self.tokens, *dict.fromkeys(parts)]


def left_by(server: Server) -> Left:
    """Somebody who has a session, a sign-in under way, a change with its links, and a phone."""
    owner = an_owner(server)
    person, whole, half = owner.person, owner.person.browser, server.visitor()
    server.move(60)
    owner.give_password(half)
    change = person.request_change().rpartition("/")[2]
    stop = person.mail("Change your phone number").link(STOP).rpartition("/")[2]
    stranger = server.visitor()
    stranger.get("/sign-in/forgotten")
    stranger.post("/sign-in/forgotten", {"email": person.email})
    password = person.mail("Choose a new password").link(NEW_PASSWORD).rpartition("/")[2]
    names = ("__Host-session", "__Host-sign-in")
    jars = [{name: browser.cookies[name]} for name, browser in zip(names, (whole, half), strict=True)]
    return Left(owner, [*jars, {**jars[0], **jars[1]}], [change, stop, password])


def erased(server: Server, _other: Server) -> Left:
    """The operator has erased the account."""
    left = left_by(server)
    server.run("account", "erase", left.owner.person.email, "--yes")
    return left


def restored_without_it(server: Server, _other: Server) -> Left:
    """The database is a backup from before the account was there."""
    left = left_by(server)
    account_id = left.owner.person.account_id
    server.await_sent(account_id)
    for table in (*OF_ACCOUNT, "audit", "outbox", "email_lookup", "account"):
        server.write(f"DELETE FROM {table} WHERE account_id = '{account_id}'")  # noqa: S608 - ours
    return left


def restored_older(server: Server, _other: Server) -> Left:
    """The database is a backup from before the person came by: the account is there, and nothing of that day."""
    left = left_by(server)
    account_id = left.owner.person.account_id
    server.await_sent(account_id)
    for table in OF_ACCOUNT:
        server.write(f"DELETE FROM {table} WHERE account_id = '{account_id}'")  # noqa: S608 - ours
    return left


def of_another(_server: Server, other: Server) -> Left:
    """All of it was made by another installation, with other keys."""
    return left_by(other)


@pytest.fixture
def other(serve: Callable[[str], Server], server: Server) -> Server:
    """Another installation."""
    return serve("sqlite" if server.url.startswith("postgresql") else "postgresql")


@pytest.mark.parametrize("gone", [erased, restored_without_it, restored_older, of_another])
def test_what_is_not_there_is_unknown_on_every_route(
    server: Server, other: Server, gone: Callable[[Server, Server], Left]
) -> None:
    left = gone(server, other)
    living = server.person()

    replies = [*of_pages(server, left, living), *of_calls(server, left)]

    assert [(reply.path, reply.status) for reply in replies if reply.status >= 500] == []
    assert [reply.path for reply in replies if "__Host-session=" in "".join(reply.set_cookies) and opens(reply)] == []


def opens(reply: Reply) -> bool:
    """Tell whether it gives the browser a session, rather than taking one away."""
    return any(each.startswith("__Host-session=") and "Max-Age=0" not in each for each in reply.set_cookies)


def of_pages(server: Server, left: Left, living: Person) -> list[Reply]:
    """Open and post every page, with every cookie, with an id or token of the account in every address."""
    replies = []
    for jar in left.cookies:
        seed = server.visitor()
        seed.cookies |= jar
        seed.get("/sign-in")  # for the token of its forms, which belongs to the browser's own cookie
        for route in PAGES:
            for own in left.ids if PARAMETER.search(route.path) else [""]:
                browser = seed.copied(server.visitor().ip)
                browser.cookies |= jar
                path = PARAMETER.sub(own, route.path)
                form = {**TYPED, "email": living.email} if route.method == "POST" else None
                replies.append(browser.post(path, form) if form else browser.send("GET", path))
    return replies


def of_calls(server: Server, left: Left) -> list[Reply]:
    """Call everything that devices call, signed by the key of the phone."""
    phone = left.owner.phone
    phone.server, phone.visitor = server, server.visitor()
    replies = []
    for route in (one for one in api.routes if one.path.startswith("/device/api")):
        for own in left.ids if PARAMETER.search(route.path) else [""]:
            path = PARAMETER.sub(own, route.path).removeprefix("/device/api")
            subscription = {"endpoint": f"{server.sinks.push.origin}/x", "keys": {"p256dh": "a", "auth": "b"}}
            body = {"decision": "approve", "digits": "000000", "signature": "AA", **subscription}
            replies.append(phone.call(route.method, path, None if route.method == "GET" else body))
    replies += [phone.enrol(token) for token in left.tokens]
    return replies


def test_a_left_over_cookie_of_an_erased_account_stops_nobody_from_signing_in(server: Server) -> None:
    erased_one, living = server.person(), server.person()
    browser = erased_one.sign_in()
    half = server.visitor()
    living.give_password(half)
    half.cookies["__Host-session"] = browser.cookies["__Host-session"]
    half.get("/sign-in/code")
    server.run("account", "erase", erased_one.email, "--yes")

    entered = living.give_password(browser)

    assert (entered.status, entered.location) == (303, "/sign-in/code")
    assert half.post("/sign-in/code", {"code": living.text(1).code}).status == 303
    assert browser.send("GET", "/profile").status == 303
