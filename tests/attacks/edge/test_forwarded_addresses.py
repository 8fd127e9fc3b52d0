"""Threat: a client that chooses its own address, behind the proxies that people use (SECURITY.md rows 24, 51)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from harness.proxies import running_proxy
from harness.server import PROXY, Server, quick_server
from harness.sinks import Sinks
from harness.visitor import Visitor

FREE_OF_IP = 20
PROXIES = [("haproxy",), ("nginx",), ("haproxy", "nginx"), ("nginx", "haproxy")]  # from the server outwards
CLAIMS = [
    {"X-Forwarded-For": "198.51.100.{}"},
    {"X-Forwarded-For": "198.51.100.{}", "x-forwarded-for": "198.51.101.{}"},
    {"X-Forwarded-For": "198.51.100.{}, 127.0.0.2"},
    {"X-Forwarded-For": "198.51.100.{}", "x-forwarded-for": "127.0.0.2"},
    {"X-Forwarded-For": '"198.51.100.{}'},
    {"X-Forwarded-For": "[2001:db8:{}::1]:4711"},
    {"X-Forwarded-For": "198.51.100.{},"},
    {"X-Forwarded-For": "", "x-forwarded-for": "198.51.100.{}"},
    {"Forwarded": "for=198.51.100.{}", "X-Real-IP": "198.51.100.{}"},
]
Front = Callable[[Server, tuple[str, ...]], int]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Put proxies in front of a server, one behind the other, and give the port of the outermost."""
    with ExitStack() as running:

        @cache
        def place(behind: int, name: str) -> int:
            folder: Path = tmp_path_factory.mktemp(name)
            return running.enter_context(running_proxy(name, behind, folder))

        def put(server: Server, names: tuple[str, ...]) -> int:
            port = server.port
            for name in names:
                port = place(port, name)
            return port

        yield put


def claiming(port: int, visitor: Visitor, claim: dict[str, str], turn: int) -> Visitor:
    """The same browser at the door of the proxy, which claims another address each time."""
    headers = {name: value.format(turn) for name, value in claim.items()}
    return Visitor(port, visitor.ip, {**visitor.headers, **headers}, dict(visitor.cookies), visitor.csrf)


@pytest.mark.parametrize("names", PROXIES, ids="-".join)
@pytest.mark.parametrize("claim", CLAIMS)
def test_the_owner_is_told_the_address_at_which_the_proxy_saw_the_client(
    server: Server, front: Front, names: tuple[str, ...], claim: dict[str, str]
) -> None:
    person, seen = server.person(), server.visitor()

    browser = person.sign_in(claiming(front(server, names), seen, claim, 9))

    profile = browser.get("/profile").text.replace("\u200b", "").replace("<wbr>", "")
    assert seen.ip in profile
    assert "198.51." not in profile
    assert "2001:db8" not in profile


@pytest.mark.parametrize("names", PROXIES, ids="-".join)
def test_no_claim_behind_a_proxy_moves_a_throttle(server: Server, front: Front, names: tuple[str, ...]) -> None:
    attacker = server.visitor()
    attacker.get("/sign-in")
    port = front(server, names)

    statuses = [
        claiming(port, attacker, CLAIMS[turn % len(CLAIMS)], turn)
        .post("/sign-in", {"email": f"nobody-{turn}@example.com", "password": "guess"})
        .status
        for turn in range(FREE_OF_IP + 1)
    ]

    assert statuses == [422] * FREE_OF_IP + [429]


def test_a_server_for_both_families_knows_its_proxy_in_either_form(
    fresh_database: Callable[[str], str], tmp_path: Path, sinks: Sinks
) -> None:
    with quick_server(fresh_database("sqlite"), tmp_path, sinks, workers=1, listens_at="::") as server:
        person, direct = server.person(), server.visitor()
        behind = server.visitor(PROXY).copied(**{"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})

        seen_behind = person.sign_in(behind).get("/profile").text
        seen_direct = person.sign_in(direct).get("/profile").text

    assert "203.0.113.7" in seen_behind
    assert direct.ip in seen_direct
    assert "ffff" not in seen_direct
