"""Threat: a thousand clients whose bodies trickle in, so that the service looks dead (SECURITY.md rows 24, 54)."""

import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.server import Server, quick_server
from harness.sinks import Sinks
from harness.visitor import Visitor

SLOW_CLIENTS = 1_000
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
HALF = HEAD + b"Content-Type: application/x-www-form-urlencoded\r\n\r\ncsrf="
CUT_WITHIN = 60.0  # seconds, a multiple of the setting: the machine may be busy


@pytest.fixture(params=["sqlite", "postgresql"])
def patient(
    request: pytest.FixtureRequest, fresh_database: Callable[[str], str], tmp_path: Path, sinks: Sinks
) -> Iterator[Server]:
    """A server that gives each body five minutes, so that no deadline can be what lets a probe through."""
    more = {"health_port": str(free_port()), "body_within": "5min"}
    with quick_server(fresh_database(request.param), tmp_path, sinks, workers=2, **more) as serving:
        yield serving


def slow(port: int, opened: ExitStack, count: int) -> list[socket.socket]:
    """So many clients that send half a body and then nothing."""
    clients = []
    for _ in range(count):
        client = opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
        client.sendall(HALF)
        clients.append(client)
    return clients


def answered(clients: list[socket.socket], within: float = 0) -> list[socket.socket]:
    """Those that were answered or cut off."""
    poll, by_number = select.poll(), {client.fileno(): client for client in clients}
    for number in by_number:
        poll.register(number, select.POLLIN | select.POLLHUP)
    return [by_number[number] for number, _ in poll.poll(within * 1000)]


@pytest.mark.parametrize(("path", "body"), [("/healthz", b"ok\n"), ("/readyz", b"ready\n")])
def test_the_probes_are_answered_while_a_thousand_bodies_are_awaited(patient: Server, path: str, body: bytes) -> None:
    probe = Visitor(int(patient.environment["RENUMBER_HEALTH_PORT"]), "127.0.0.1")
    with ExitStack() as opened:
        clients = slow(patient.port, opened, SLOW_CLIENTS)

        replies = [probe.send("GET", path) for _ in range(20)]

        assert answered(clients) == [], "all of them are still waited for"
    assert {(reply.status, reply.body) for reply in replies} == {(200, body)}


def test_the_health_port_has_nothing_else(patient: Server) -> None:
    probe = Visitor(int(patient.environment["RENUMBER_HEALTH_PORT"]), "127.0.0.1")

    assert probe.send("HEAD", "/healthz").status == 200
    assert {probe.send("GET", path).status for path in ("/", "/sign-in", "/metrics", "/healthz/x")} == {404}
    assert probe.send("POST", "/healthz").status == 404


def test_a_body_that_comes_too_late_is_given_up(
    fresh_database: Callable[[str], str], tmp_path: Path, sinks: Sinks
) -> None:
    with (
        quick_server(fresh_database("sqlite"), tmp_path, sinks, workers=1, body_within="1s") as server,
        ExitStack() as opened,
    ):
        clients = slow(server.port, opened, 20)

        left = clients
        while left:
            gone = answered(left, CUT_WITHIN)
            assert gone, "every one of them is given up"
            assert {client.recv(100).split(b"\r\n")[0] for client in gone} <= {b"HTTP/1.1 408 Request Timeout", b""}
            left = [client for client in left if client not in gone]
