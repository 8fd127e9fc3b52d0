"""A server whose database is gone or hangs says so in time, fails closed, and is back when the database is."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.postgres import PostgresServer, in_a_thread, running_postgres
from renumber.store.schema.migrate import upgrade
from tests.observability.service import SESSION, Visitor, serving

SOON = 4.0  # seconds; ours are two


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server that a test may stop."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def url(own_postgres: PostgresServer) -> str:
    """Its database, migrated."""
    url = own_postgres.database("postgres")
    in_a_thread(upgrade, url)
    return url


def main_process(server: PostgresServer) -> int:
    """The process that all of the server's others come from."""
    return int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def all_processes(server: PostgresServer) -> list[int]:
    """The main one, and one per connection."""
    main = main_process(server)
    return [main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())]


def signal_all(server: PostgresServer, sign: signal.Signals) -> None:
    """Stop all of it in the middle of whatever it does, or let it go on."""
    for process in all_processes(server):
        os.kill(process, sign)


def end(server: PostgresServer) -> None:
    """Shut it down, whoever is connected."""
    os.kill(main_process(server), signal.SIGINT)
    while (server.folder / "data" / "postmaster.pid").exists():
        time.sleep(0.05)


async def statuses(visitor: Visitor) -> dict[str, int]:
    """What each of these answers, asked at once."""
    paths = ("/healthz", "/readyz", "/sign-in")
    replies = await asyncio.gather(*(visitor.get(path) for path in paths))
    return {path: reply.status_code for path, reply in zip(paths, replies, strict=True)}


async def until_ready(visitor: Visitor) -> None:
    """Wait until it says so."""
    until = time.monotonic() + 20
    while (await visitor.get("/readyz")).status_code != 200:
        assert time.monotonic() < until
        await asyncio.sleep(0.1)


async def test_a_database_that_hangs_is_not_waited_for(own_postgres: PostgresServer, url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "key") as visitor:
        await until_ready(visitor)

        signal_all(own_postgres, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            answered = await statuses(visitor)
            took = time.monotonic() - begun
        finally:
            signal_all(own_postgres, signal.SIGCONT)

        assert answered == {"/healthz": 200, "/readyz": 503, "/sign-in": 200}
        assert took < SOON
        await until_ready(visitor)


async def test_a_database_that_is_gone_closes_what_needs_it_and_nothing_else(
    own_postgres: PostgresServer, url: str, tmp_path: Path
) -> None:
    async with serving(url, tmp_path / "key") as visitor:
        await until_ready(visitor)

        await asyncio.to_thread(end, own_postgres)
        answered = await statuses(visitor)
        ready, page = await visitor.get("/readyz"), await visitor.get("/profile", cookie=SESSION)

    assert answered == {"/healthz": 200, "/readyz": 503, "/sign-in": 200}
    assert ready.headers["retry-after"] == "2"
    assert page.status_code == 503
    assert page.headers["retry-after"] == "2"
