"""`renumber demo` as a command: on this machine only, one address, and nothing left behind."""

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.ports import free_port
from renumber.demo import DEFAULT_PORT
from tests.demo.demonstration import OTHER_SETTINGS, Demonstration, command, running_demo

CLEARED_WITHIN = 5.0  # seconds


def refused(*options: str) -> str:
    ended = subprocess.run(command(*options), capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 1
    return ended.stderr


@contextlib.contextmanager
def taken(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # someone else has it already, which is as good
            other.bind(("127.0.0.1", port))
            other.listen()
        yield


def descendants(pid: int) -> list[int]:
    found = [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
    return found + [further for child in found for further in descendants(child)]


def are_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + CLEARED_WITHIN
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])  # noqa: S104 - refused
def test_it_never_starts_on_an_address_that_others_can_reach(host: str) -> None:
    assert f"The demo does not start on {host}" in refused("--host", host)


def test_a_port_that_was_asked_for_and_is_taken_gets_a_sentence() -> None:
    port = free_port()

    with taken(port):
        said = refused("--port", str(port))

    assert said == f"Port {port} on 127.0.0.1 is taken. Choose another with --port.\n"


def test_the_default_port_gives_way_to_the_next_free_one() -> None:
    with taken(DEFAULT_PORT), running_demo("--host", "127.0.0.1") as demo:
        assert DEFAULT_PORT < demo.port < DEFAULT_PORT + 50


def test_it_prints_one_address_and_how_to_sign_in(demo: Demonstration) -> None:
    assert demo.invitation.count("http") == 1
    assert demo.address == f"http://localhost:{demo.port}/demo"  # a name: at an address there are no passkeys
    assert "anna@example.com" in demo.invitation
    assert "jonas@example.com" in demo.invitation


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_its_end_is_the_end_of_all_that_it_started(
    sent: signal.Signals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with running_demo() as demo:
        others = descendants(demo.process.pid)

        ended = demo.end(sent)

        assert others
        assert ended == 0
        assert are_gone(others)
        assert not list(tmp_path.iterdir())


def test_a_service_that_ends_takes_the_demonstration_with_it_and_says_so() -> None:
    with running_demo() as demo:
        service = descendants(demo.process.pid)[0]

        subprocess.run(["kill", str(service)], check=True)

        assert demo.process.wait(20) == 1
        assert demo.process.stdout is not None
        assert "The service ended by itself." in demo.process.stdout.read()


def test_settings_of_whoever_starts_it_do_not_reach_it(demo: Demonstration) -> None:
    assert set(OTHER_SETTINGS) == {"RENUMBER_BASE_URL", "RENUMBER_SECRET_KEY"}
    assert demo.address.startswith("http://localhost:")
