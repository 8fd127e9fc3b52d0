"""Threat: a request that its proxy and we read as one for different hosts (SECURITY.md rows 19, 24; RFC 9112 3.2)."""

import socket

import pytest

from harness.server import Server

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)  # no matter which database

GOOD = ["account.example", "account.example:443", "127.0.0.1:8000", "[::1]:8000", "a_b.internal", "localhost"]
BAD = ["", " ", "a b", "a,b", "a/b", "u@a", "a:b", "a:123456", "[::1", "[x]:1", "ä.example", "a\tb", "<b>", "a?b"]


def status(server: Server, first_line: str, *headers: str) -> int:
    """The status of the answer to a request, sent as it stands here."""
    request = "\r\n".join((first_line, *headers, "Connection: close", "", ""))
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request.encode())
        return int(connection.recv(1000).split()[1])


@pytest.mark.parametrize("host", GOOD)
def test_one_host_is_served_whichever_it_is(server: Server, host: str) -> None:
    assert status(server, "GET /sign-in HTTP/1.1", f"Host: {host}") == 200


@pytest.mark.parametrize("host", BAD)
def test_a_host_that_is_none_is_refused(server: Server, host: str) -> None:
    assert status(server, "GET /sign-in HTTP/1.1", f"Host: {host}") == 400


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/sign-in", "/device/api/prompts", "/static/app.css", "/metrics", "/nowhere"])
def test_a_missing_or_doubled_host_is_refused_on_every_path(server: Server, method: str, path: str) -> None:
    line = f"{method} {path} HTTP/1.1"
    missing = status(server, line)
    same_twice = status(server, line, "Host: a.example", "Host: a.example")
    two = status(server, line, "Host: a.example", "host: b.example")

    assert (missing, same_twice, two) == (400, 400, 400)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_probes_of_load_balancers_are_answered(server: Server, path: str) -> None:
    assert status(server, f"GET {path} HTTP/1.1") == 200
    assert status(server, f"GET {path} HTTP/1.0") == 200
    assert status(server, f"HEAD {path} HTTP/1.0") == 200
    assert status(server, f"GET {path} HTTP/1.1", "Host: 10.0.0.7:8000") == 200
    assert status(server, f"GET {path} HTTP/1.1", "Host: a", "Host: b") == 400


def test_old_clients_need_no_host(server: Server) -> None:
    assert status(server, "GET /sign-in HTTP/1.0") == 200
