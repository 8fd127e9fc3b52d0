"""A server that says on request where its one worker's CPU goes: `python -m bench.profiled FOLDER serve --port 8000`.

SIGUSR1 writes the CPU time of each kind of thread; the first SIGUSR2 begins to profile the event loop's thread, the
second writes what was found.
"""

import asyncio
import cProfile
import json
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bench.machine import TICKS
from renumber.cli import main as renumber
from renumber.wiring import server

THREADS, PROFILE = "threads.json", "profile.pstats"


class Observed:
    """An application that takes the signals once its loop runs."""

    def __init__(self, app: Callable[..., Awaitable[None]], folder: Path) -> None:
        self._app, self._folder = app, folder
        self._profile: cProfile.Profile | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve."""
        if scope["type"] == "lifespan":
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGUSR1, self._write_threads)
            loop.add_signal_handler(signal.SIGUSR2, self._turn_profile)
        await self._app(scope, receive, send)

    def _write_threads(self) -> None:
        names = {thread.native_id: thread.name.rpartition("_")[0] or "loop" for thread in threading.enumerate()}
        spent: dict[str, float] = {}
        for task in Path("/proc/self/task").iterdir():
            name = names.get(int(task.name), "server")
            fields = (task / "stat").read_text().rpartition(")")[2].split()
            spent[name] = spent.get(name, 0.0) + sum(map(int, fields[11:13])) / TICKS
        _written(self._folder / THREADS, json.dumps(spent).encode())

    def _turn_profile(self) -> None:
        if self._profile is None:
            self._profile = cProfile.Profile(time.thread_time)
            self._profile.enable()
            return
        self._profile.disable()
        self._profile.dump_stats(str(self._folder / "unfinished"))
        (self._folder / "unfinished").rename(self._folder / PROFILE)


def _written(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(content)
    unfinished.rename(path)


def main() -> None:
    """Serve as `renumber` does."""
    folder, prepared = Path(sys.argv.pop(1)), server.prepared  # type: ignore[attr-defined]

    def observed() -> Callable[[], Any]:
        made = prepared()
        return lambda: Observed(made(), folder)

    server.prepared = observed  # type: ignore[attr-defined]  # it is imported there
    renumber()


if __name__ == "__main__":
    main()
