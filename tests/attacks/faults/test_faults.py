"""Threat: a fault half-way that leaves a door open or an act half done (SECURITY.md row 40)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from harness.server import Server, quick_server
from harness.sinks import Sinks
from harness.visitor import Reply
from tests.attacks.faults.wire import Wire, running_wire

INSIDE = re.compile(r"traceback|outbox|sqlite|postgres|asyncpg|relation|no such table|/src/", re.IGNORECASE)


@contextmanager
def without_table(server: Server, table: str) -> Iterator[None]:
    """Take a table away."""
    server.write(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        server.write(f"ALTER TABLE {table}_away RENAME TO {table}")


@pytest.fixture(scope="module")
def wired(
    fresh_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory, sinks: Sinks
) -> Iterator[tuple[Server, Wire]]:
    """Serve over a line to PostgreSQL that can be cut."""
    url = fresh_database("postgresql")
    port = urlsplit(url).port or 0
    with running_wire(port) as wire:
        through = url.replace(f":{port}/", f":{wire.port}/")
        with quick_server(through, tmp_path_factory.mktemp("wired"), sinks, workers=1) as serving:
            yield serving, wire


def is_generic(reply: Reply) -> bool:
    """Whether the page says what to do and its number, and nothing of the inside."""
    return reply.header("x-request-id") in reply.text and not INSIDE.search(reply.text)


@pytest.mark.parametrize("table", ["outbox", "audit", "link"])
def test_a_fault_in_the_middle_of_an_act_undoes_all_of_it_and_says_nothing_of_the_inside(
    server: Server, table: str
) -> None:
    person = server.person()
    person.sign_in()
    person.browser.get("/phone-change/new")
    server.await_sent(person.account_id)
    acts = len(person.rows("audit"))

    with without_table(server, table):
        reply = person.browser.post("/phone-change")
        changes = person.rows("phone_change")

    assert (reply.status, is_generic(reply)) == (500, True)
    assert changes == []
    assert len(person.rows("audit")) == acts
    assert person.press(person.request_change()).location == "/phone-change/removed"


def test_a_wrong_code_that_can_not_be_counted_is_not_answered(server: Server) -> None:
    person = server.person()
    person.give_password()
    person.browser.get("/sign-in/code")
    right = person.text(1).code
    same_page = person.browser.copied()

    with without_table(server, "authenticator"):
        reply = person.browser.post("/sign-in/code", {"code": right})

    assert (reply.status, is_generic(reply)) == (500, True)
    assert person.live_sessions == 0
    assert same_page.post("/sign-in/code", {"code": right}).location == "/profile"


def test_without_the_database_every_page_fails_closed_and_works_again_when_it_is_back(
    wired: tuple[Server, Wire],
) -> None:
    server, wire = wired
    person = server.person()
    person.sign_in()
    person.browser.get("/profile")

    wire.cut()
    opened = [person.browser.send("GET", path) for path in ("/profile", "/", "/phone-change/new")]
    pressed = [person.browser.post(path) for path in ("/phone-change", "/sessions/end-others")]
    alive, ready = (server.visitor().send("GET", path).status for path in ("/healthz", "/readyz"))
    wire.mend()

    assert {reply.status for reply in opened + pressed} == {503}
    assert all(is_generic(reply) and reply.header("retry-after").isdigit() for reply in opened + pressed)
    assert (alive, ready) == (200, 503)
    assert server.visitor().send("GET", "/readyz").status == 200
    assert person.press(person.request_change()).location == "/phone-change/removed"


def test_a_commit_that_never_arrives_leaves_everything_as_it_was(wired: tuple[Server, Wire]) -> None:
    server, wire = wired
    person = server.person()
    person.sign_in()
    link = person.request_change()
    person.browser.get(link)
    server.await_sent(person.account_id)

    wire.cut_before_commit()
    reply = person.browser.post(link)
    wire.mend()

    assert (reply.status, is_generic(reply)) == (503, True)
    assert person.account["number"] is not None
    assert person.live_sessions == 1
    assert person.told("number_reset") == {}
    assert person.press(link).location == "/phone-change/removed"
    assert person.told("number_reset") == {"email": 1, "sms": 1}


def test_a_commit_whose_answer_is_lost_happened_once_and_the_person_finds_the_way_on(
    wired: tuple[Server, Wire],
) -> None:
    server, wire = wired
    person = server.person()
    person.sign_in()
    link = person.request_change()
    person.browser.get(link)
    server.await_sent(person.account_id)

    wire.cut_after_commit()
    reply = person.browser.post(link)
    wire.mend()
    again = person.browser.submit(link)

    assert reply.status == 503
    assert again.status == 410
    assert '<a class="button main" href="/sign-in">' in again.text
    assert person.told("number_reset") == {"email": 1, "sms": 1}
    person.mail("Your phone number was reset")
    assert person.give_password().location == "/sign-in/email-code"
