"""Two PostgreSQL servers, of which one follows the other and confirms each commit, until it is promoted."""

import os
import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.memory import DISK, memory_folder
from harness.postgres import (
    OWNER,
    START_FOR,
    PostgresServer,
    await_answer,
    find_programs,
    give_away,
    initialize,
    reachable,
    serving,
)

FOLLOWS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'"


@dataclass(frozen=True)
class Pair:
    """A primary that commits nothing which its standby hasn't written."""

    primary: PostgresServer
    standby: PostgresServer

    def url(self, name: str) -> str:
        """Give a URL with both servers, as libpq reads it."""
        second = self.standby.url.rpartition("@")[2]
        return f"{self.primary.url},{second}/{name}?target_session_attrs=read-write"

    def cut_power(self) -> None:
        """End every process of the primary without a word."""
        main = int((self.primary.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in (main, *map(int, children)):
            os.kill(process, signal.SIGKILL)

    def promote(self) -> None:
        """Let the standby take over."""
        self.standby.command("SELECT pg_promote()")


@contextmanager
def running_pair() -> Iterator[Pair]:
    """Run both until the block ends; the second begins as a copy of the first's files."""
    password = secrets.token_hex(16)
    with ExitStack() as running:
        first, second = (_folder(running) for _ in range(2))
        programs = reachable(find_programs(), first)
        initialize(programs, first, password)
        shutil.copytree(first / "data", second / "data", copy_function=shutil.copy2)
        port = running.enter_context(serving(programs, first, ["-F", "-c", "synchronous_standby_names=*"]))
        _follow(second / "data", port, password)
        behind = running.enter_context(serving(programs, second, ["-F"]))
        url = f"postgresql://{OWNER}:{password}@127.0.0.1"
        pair = Pair(PostgresServer(f"{url}:{port}", first), PostgresServer(f"{url}:{behind}", second))
        for server in (pair.primary, pair.standby):
            await_answer(server)
        _await_following(pair.primary)
        yield pair


def _folder(running: ExitStack) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="renumber-pair-", dir=memory_folder() or DISK))
    running.callback(shutil.rmtree, folder, ignore_errors=True)
    give_away(folder)
    return folder


def _follow(data: Path, port: int, password: str) -> None:
    (data / "standby.signal").touch()
    to = f"host=127.0.0.1 port={port} user={OWNER} password={password} application_name=standby"
    with (data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"primary_conninfo = '{to}'\n")
    for path in (data, *data.rglob("*")):
        give_away(path)


def _await_following(server: PostgresServer) -> None:
    until = time.monotonic() + START_FOR
    while not server.number(FOLLOWS):
        assert time.monotonic() < until, (server.folder / "log").read_text()
        time.sleep(0.05)
