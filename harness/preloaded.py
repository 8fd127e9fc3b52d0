"""Servers and commands that are forked from a process which has loaded them: loading is most of what a start costs."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from renumber.cli import main, work
from renumber.cli.account import create, erase, freeze, importing, invite
from renumber.cli.audit import verify
from renumber.cli.key_check import prepare
from renumber.settings import Settings
from renumber.store.database.statement import Statement
from renumber.wiring import server

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
LOADED = (create, erase, freeze, importing, invite, verify, work)  # or a command would load itself each time
runs = count(1)
Address = tuple[str, int]
for _url in ("sqlite:", "postgresql:"):
    Statement.compile_all(_url)


class Forked:
    """The running server, with as much of `subprocess.Popen` as tests use."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid
        self.pid = process.pid
        self._process = process

    @property
    def returncode(self) -> int | None:
        """The exit code, or nothing while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Look whether it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("renumber serve", timeout or 0.0)
        return self._process.exitcode

    def send_signal(self, sent: signal.Signals) -> None:
        """Signal the process above its workers."""
        if self._process.exitcode is None:
            os.kill(self.pid, sent)

    def kill(self) -> None:
        """End it without a word."""
        self.send_signal(signal.SIGKILL)


def fork_server(address: Address, workers: int, environment: Mapping[str, str], folder: Path) -> Forked:
    """Serve as `renumber serve` does, without loading everything anew; what it says goes to `log` in the folder."""
    process = CONTEXT.Process(target=_serve, args=(address, workers, dict(environment), folder), daemon=False)
    process.start()
    return Forked(process)


@dataclass(frozen=True)
class ForkedCommand:
    """A command that runs, and the files that hold what it says."""

    process: Forked
    out: Path
    err: Path


def fork_command(words: Sequence[str], environment: Mapping[str, str], folder: Path) -> ForkedCommand:
    """Run `renumber` with these words in a process of its own."""
    said = folder / f"said-{next(runs)}"
    out, err = said.with_suffix(".out"), said.with_suffix(".err")
    err.touch()
    process = CONTEXT.Process(target=_run, args=(list(words), dict(environment), folder, out, err), daemon=False)
    process.start()
    return ForkedCommand(Forked(process), out, err)


def _run(words: list[str], environment: dict[str, str], folder: Path, out: Path, err: Path) -> None:
    _move_in(environment, folder, out, err)
    sys.argv = ["renumber", *words]
    main()


def _serve(address: Address, workers: int, environment: dict[str, str], folder: Path) -> None:
    os.setsid()  # so that it can be killed with all its workers
    _move_in(environment, folder, folder / "log", folder / "log")
    prepare(Settings.from_environment(environment))
    server.serve(*address, workers=workers, json_logs=False)


def _move_in(environment: dict[str, str], folder: Path, *outputs: Path) -> None:
    """Be a process that somebody has started there, with that environment; what it says is added to the files."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    multiprocessing.set_start_method(None, force=True)  # the service chooses its own
