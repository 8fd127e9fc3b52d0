"""The second server that is tested: uvicorn, whose own lines and headers would tell more than ours."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.ports import free_port, listeners
from harness.postgres import stop
from harness.visitor import Visitor

TOKEN = "q7Xk2_vLp9-Wm3sTz8RbY1"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def log(port: int, sqlite_url: str, tmp_path: Path) -> Iterator[Path]:
    """Serve by uvicorn, and give the file that all its output goes to."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RENUMBER_")}
    environment |= {"RENUMBER_DATABASE_URL": sqlite_url, "RENUMBER_SECRET_KEY_FILE": str(tmp_path / "key")}
    command = [sys.executable, "-m", "uvicorn", "--factory", "renumber.wiring.web:asgi", "--port", str(port)]
    path = tmp_path / "log"
    with path.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        until = time.monotonic() + 30
        while not listeners(port):
            assert time.monotonic() < until, path.read_text()
            time.sleep(0.05)
        yield path
    finally:
        stop(process, signal.SIGTERM)


def test_uvicorn_serves_the_same_pages_and_logs_the_same_lines(log: Path, port: int) -> None:
    visitor = Visitor(port, "127.0.0.1")

    page, unknown = visitor.send("GET", "/sign-in"), visitor.send("GET", f"/freeze/{TOKEN}")
    much = visitor.send("GET", "/sign-in", headers={"X-Much": "a" * 17_000})

    assert (page.status, unknown.status, much.status) == (200, 404, 431)
    assert page.header("x-content-type-options") == "nosniff"
    assert [each["route"] for each in requests_in(log, 3)] == ["/sign-in", "/freeze/{token}", "unmatched"]
    assert TOKEN not in log.read_text()


def requests_in(log: Path, count: int) -> list[dict[str, str]]:
    """Wait for so many lines of requests, which come after their answers."""
    until = time.monotonic() + 10
    while True:
        lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
        requests = [line for line in lines if line["event"] == "request"]
        if len(requests) >= count:
            return requests
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.05)
