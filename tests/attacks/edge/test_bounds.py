"""Threat: too much, too long, too slow (SECURITY.md row 24)."""

import socket
import time
from contextlib import ExitStack

import pytest

from harness.server import Server
from harness.visitor import Visitor

pytestmark = pytest.mark.parametrize("server", ["postgresql"], indirect=True)  # no matter which database

SLOW_CLIENTS = 60
SOON = 3.0  # seconds
CUT = 0


def status_or_cut(visitor: Visitor, size: int) -> int:
    """The answer to a large body, unless the server hung up before it was sent whole."""
    try:
        return visitor.post("/sign-in", {"email": "e" * size}).status
    except ConnectionError:
        return CUT


def test_a_body_beyond_the_bound_is_refused(server: Server) -> None:
    visitor = server.visitor()
    visitor.get("/sign-in")

    taken = visitor.post("/sign-in", {"email": "e" * 60_000}).status
    refused = [status_or_cut(visitor, size) for size in (70_000, 1_000_000)]

    assert taken == 422
    assert set(refused) <= {413, CUT}
    assert visitor.get("/sign-in").status == 200


def test_a_body_without_a_length_is_bounded_too(server: Server) -> None:
    chunk = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    head = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head + chunk * 10 + b"0\r\n\r\n")
        status_line = connection.recv(1000).split(b"\r\n")[0]

    assert b" 413 " in status_line


def test_more_fields_than_any_form_of_ours_has_are_refused(server: Server) -> None:
    visitor = server.visitor()
    visitor.get("/sign-in")

    assert visitor.post("/sign-in", {f"field-{turn}": "x" for turn in range(30)}).status == 400


def test_headers_and_addresses_beyond_the_bound_are_refused(server: Server) -> None:
    visitor = server.visitor()

    long_header = visitor.send("GET", "/sign-in", headers={"X-Long": "a" * 20_000})
    many_headers = visitor.send("GET", "/sign-in", headers={f"X-{turn}": "a" * 200 for turn in range(90)})
    long_address = visitor.send("GET", "/sign-in?" + "a" * 5_000)

    assert (long_header.status, many_headers.status, long_address.status) == (431, 431, 414)


def test_a_field_beyond_the_bound_is_cut_before_it_costs_anything(server: Server) -> None:
    person, visitor = server.person(), server.visitor()
    visitor.get("/sign-in")
    begun = time.monotonic()

    long_password = visitor.post("/sign-in", {"email": person.email, "password": "p" * 60_000})
    long_address = visitor.post("/sign-in", {"email": "e" * 60_000, "password": "p"})

    assert (long_password.status, long_address.status) == (422, 422)
    assert time.monotonic() - begun < SOON


def test_slow_clients_hold_nobody_up(server: Server) -> None:
    half_a_request = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
    half_a_request += b"Content-Type: application/x-www-form-urlencoded\r\n\r\ncsrf="
    with ExitStack() as slow:
        for turn in range(SLOW_CLIENTS):
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            connection.sendall(half_a_request if turn % 2 else half_a_request[:30])
        begun = time.monotonic()

        statuses = {server.visitor().get("/sign-in").status for _ in range(10)}

        assert statuses == {200}
        assert time.monotonic() - begun < SOON
