"""A server that is forked from a process which has loaded the service once: loading is most of what a start costs."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from renumber.cli.key_check import prepare
from renumber.settings import Settings
from renumber.wiring import server

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])


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


def fork_server(arguments: list[str], environment: Mapping[str, str], folder: Path) -> Forked:
    """Serve as `renumber serve` does, without loading everything anew; what it says goes to `log` in the folder."""
    process = CONTEXT.Process(target=_serve, args=(arguments, dict(environment), folder), daemon=False)
    process.start()
    return Forked(process)


def _serve(arguments: list[str], environment: dict[str, str], folder: Path) -> None:
    os.setsid()  # so that it can be killed with all its workers
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    prepare(Settings.from_environment(environment))
    sys.argv = ["renumber", *arguments]
    multiprocessing.set_start_method(None, force=True)  # the server chooses its own
    server.main()
