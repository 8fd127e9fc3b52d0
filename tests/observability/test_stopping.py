"""A stop in the middle of everything, and the death of one worker: nobody who was being served notices."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from harness.ports import listeners
from harness.server import Server, running_server
from harness.sinks import running_sinks
from harness.visitor import Reply, Visitor
from tests.observability.endless import EndlessGateway, endless_gateway

CLIENTS = 6
ARRIVED_AFTER = 0.05  # seconds in which a request reaches a worker
CLAIMED = "SELECT message_id FROM outbox WHERE claim IS NOT NULL AND state = 'waiting'"
WAITING = "SELECT attempts FROM outbox WHERE state = 'waiting' AND channel = 'sms'"


@dataclass(frozen=True)
class Tried:
    """One request: when it was begun and done, and how it was answered (0: not at all)."""

    begun: float
    done: float
    status: int

    def was_under_way(self, moment: float) -> bool:
        """Whether a worker had it at that moment."""
        return self.begun + ARRIVED_AFTER < moment < self.done


@pytest.fixture
def gateway() -> Iterator[EndlessGateway]:
    with endless_gateway() as endless:
        yield endless


@pytest.fixture
def server(postgresql_url: str, tmp_path: Path) -> Iterator[Server]:
    """Serve with two workers on PostgreSQL."""
    with running_sinks() as sinks, running_server(postgresql_url, tmp_path, sinks, workers=2) as serving:
        yield serving


def press_on(server: Server, enough: Event, tried: list[Tried]) -> None:
    """Show the sign-in page and give a wrong password, from ever new addresses, until the server is gone."""
    while not enough.is_set():
        tried += sign_in_wrongly(server.visitor())


def sign_in_wrongly(visitor: Visitor) -> list[Tried]:
    """Open the page and give a wrong password."""
    return [attempt(lambda: visitor.send("GET", "/sign-in")), attempt(lambda: visitor.post("/sign-in", wrong()))]


def attempt(act: Callable[[], Reply]) -> Tried:
    """Ask once, and note how it went."""
    begun = time.monotonic()
    try:
        status = act().status
    except OSError:
        status = 0
    return Tried(begun, time.monotonic(), status)


def wrong() -> dict[str, str]:
    """Of an address that nobody has, and that nobody tried before."""
    return {"email": f"nobody-{time.monotonic_ns()}@example.com", "password": "wrong"}


def test_whoever_is_being_served_when_it_is_told_to_stop_gets_an_answer(server: Server) -> None:
    enough = Event()
    tried: list[Tried] = []
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(press_on, server, enough, tried) for _ in range(CLIENTS)]
        await_true(lambda: len(tried) >= 2 * CLIENTS)
        assert server.process
        stopped = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(30)
        enough.set()
    assert not [client.exception() for client in clients if client.exception()]
    before = {each.status for each in tried if each.done < stopped}
    under_way = [each.status for each in tried if each.was_under_way(stopped)]

    assert code == 0
    assert before == {200, 422}
    assert under_way
    assert set(under_way) <= {200, 422}


def test_messages_under_way_are_given_back_as_if_nobody_had_touched_them(
    postgresql_url: str, tmp_path: Path, gateway: EndlessGateway
) -> None:
    with (
        running_sinks() as sinks,
        running_server(postgresql_url, tmp_path, sinks, workers=2, sms_url=gateway.url) as server,
    ):
        for person in server.people(4):
            assert person.give_password(server.visitor()).location == "/sign-in/code"
        gateway.wait(4)
        assert len(server.rows(CLAIMED)) == 4

        assert server.process
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(40)

        assert code == 0
        assert server.rows(CLAIMED) == []
        assert [row["attempts"] for row in server.rows(WAITING)] == [0, 0, 0, 0]


def test_when_a_worker_is_killed_the_other_serves_on_and_a_new_one_comes(server: Server) -> None:
    assert server.process
    serving = server.process.pid
    first, second = workers_of(serving)

    os.kill(first, signal.SIGKILL)
    await_true(lambda: not Path(f"/proc/{first}").exists())
    statuses = [server.visitor().send("GET", "/sign-in").status for _ in range(20)]

    assert statuses == [200] * 20
    await_true(lambda: listeners(server.port) == 2)
    assert second in workers_of(serving)
    assert [server.visitor().send("GET", "/readyz").status for _ in range(20)] == [200] * 20
    lines = [json.loads(line) for line in server.log.splitlines()[1:]]
    assert "Unexpected exit from worker-1" in [line.get("text") for line in lines]


def workers_of(pid: int) -> list[int]:
    """The children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def await_true(condition: Callable[[], bool]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)
