"""Threat: a page that waits for a push and so holds the server up, or that hears of the answer too late or not at all.

Two worker processes: the one that takes the answer need not be the one that the page is connected to.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from harness.owner import Owner, an_owner, digits_on, finish, is_signed_in
from harness.server import Server
from harness.visitor import Visitor

EVENTS = "/sign-in/push/events"
STREAM_FOR = 12.0  # seconds, as web/pages/push.py has it
CLOSE_WAIT = "08"


@contextmanager
def listening(browser: Visitor) -> Iterator[HTTPResponse]:
    """Open the stream, as the page's script does."""
    connection = HTTPConnection("127.0.0.1", browser.port, timeout=STREAM_FOR + 20, source_address=(browser.ip, 0))
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    connection.request("GET", EVENTS, headers={"Cookie": cookie, "Accept": "text/event-stream"})
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def event_on(stream: HTTPResponse) -> str:
    """The name of the first event, or nothing if the stream ends without one."""
    for line in stream:
        if line.startswith(b"event:"):
            return line.decode().partition(":")[2].strip()
    return ""


def waiting(server: Server) -> tuple[Owner, Visitor]:
    owner = an_owner(server)
    return owner, owner.give_password(server.visitor())


def test_the_page_hears_of_the_answer_within_seconds_whichever_process_took_it(server: Server) -> None:
    for decision, signed_in in (("approve", True), ("deny", False), ("approve", True)):
        owner, browser = waiting(server)
        [prompt] = owner.phone.prompts()

        with listening(browser) as stream:
            assert (stream.status, stream.getheader("content-type")) == (200, "text/event-stream; charset=utf-8")
            assert stream.getheader("cache-control") == "no-store"
            owner.phone.answer(prompt, decision, digits_on(browser) if decision == "approve" else "")
            answered_at = time.monotonic()
            assert event_on(stream) == "answered"

        assert time.monotonic() - answered_at < 5
        finish(browser)
        assert is_signed_in(browser) is signed_in


def test_at_the_end_of_the_push_the_stream_ends_too(server: Server) -> None:
    _, browser = waiting(server)

    with listening(browser) as stream:
        server.move(91)
        assert event_on(stream) == "answered"

    assert "That took too long" in browser.send("GET", "/sign-in/push").text


def test_a_stream_ends_by_itself_and_can_be_opened_again(server: Server) -> None:
    owner, browser = waiting(server)
    begun_at = time.monotonic()

    with listening(browser) as stream:
        assert event_on(stream) == ""

    assert STREAM_FOR - 1 < time.monotonic() - begun_at < STREAM_FOR + 5
    [prompt] = owner.phone.prompts()
    owner.phone.answer(prompt, "deny")
    with listening(browser) as stream:
        assert event_on(stream) == "answered"


def test_of_more_than_four_streams_of_one_push_a_process_keeps_four_waiting(server: Server) -> None:
    _, browser = waiting(server)
    streams = [listening(browser) for _ in range(4 * server.workers + 4)]
    opened = [stream.__enter__() for stream in streams]
    begun_at = time.monotonic()

    ended = [stream for stream in opened if stream.readline() == b"retry: 5000\n"]

    assert len(ended) >= 4
    assert all(event_on(stream) == "" for stream in ended)
    assert time.monotonic() - begun_at < STREAM_FOR - 2
    for stream in streams:
        stream.__exit__(None, None, None)


def test_listeners_who_leave_hold_nothing(server: Server) -> None:
    owners = [waiting(server) for _ in range(3)]
    for _ in range(5):
        for _, browser in owners:
            with listening(browser) as stream:
                assert stream.readline() == b"retry: 500\n"

    give_up_at = time.monotonic() + 5
    while half_closed(server.port):
        assert time.monotonic() < give_up_at, "the server has not noticed that nobody listens any more"
        time.sleep(0.1)
    with listening(owners[0][1]) as stream:
        assert stream.readline() == b"retry: 500\n"  # there is a seat again


def test_without_a_sign_in_that_waits_for_a_push_there_is_no_stream(server: Server) -> None:
    stranger, other = server.visitor(), server.person()
    other.browser.get(other.give_password().location)

    assert stranger.send("GET", EVENTS).location.partition("?")[0] == "/sign-in"
    assert other.browser.send("GET", EVENTS).location == "/sign-in/code"


def half_closed(port: int) -> int:
    """How many connections to the server the other side has left and the server still holds."""
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    return sum(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == CLOSE_WAIT for line in lines)
