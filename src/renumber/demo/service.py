"""The service as a process of its own, started as an operator starts it."""

import asyncio
import contextlib
import http.client
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping

from renumber.demo.addresses import origin, quiet_port
from renumber.demo.ports import DemoError
from renumber.demo.proxy import ServiceProxy

START_FOR, STOP_FOR, LOOK_EVERY = 90.0, 5.0, 0.05  # seconds
COMMAND = (sys.executable, "-c", "from renumber.cli import main; main()")


class Service:
    """`renumber serve` in an environment of its own; its last lines are kept for when it fails."""

    def __init__(self, host: str, *, acted: Callable[[], None]) -> None:
        """`acted` is called after each request that may have changed something."""
        self.proxy = ServiceProxy(acted)
        self._host, self._port = host, 0
        self._last_lines: deque[str] = deque(maxlen=30)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._gone = asyncio.Event()

    async def start(self, settings: Mapping[str, str]) -> None:
        """Start the service, and return when it is ready."""
        self._last_lines.clear()
        self._port = quiet_port(self._host)
        self.proxy.target = origin(self._host, self._port)
        self._process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *("serve", "--host", self._host, "--port", str(self._port)),
            env=_environment(settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C is ours to pass on, once
            limit=1 << 20,
        )
        self._reading = asyncio.create_task(self._read(self._process))
        await self._become_ready(self._process)

    async def stop(self) -> None:
        """Stop the service and its workers."""
        process, self._process = self._process, None
        if process is None or self._reading is None:
            return
        _signal(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_FOR)
        except TimeoutError:
            _signal(process.pid, signal.SIGKILL)
            await process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def ended_by_itself(self) -> DemoError:
        """Wait until the service ends without having been stopped, and give the error that says so."""
        await self._gone.wait()
        return DemoError("\n".join(("The service ended by itself. Its last words:", *self._last_lines)))

    async def _become_ready(self, process: asyncio.subprocess.Process) -> None:
        deadline = asyncio.get_running_loop().time() + START_FOR
        while not await asyncio.to_thread(self._is_ready):
            if process.returncode is not None or asyncio.get_running_loop().time() > deadline:
                raise DemoError("\n".join(("The service did not start. Its last words:", *self._last_lines)))
            await asyncio.sleep(LOOK_EVERY)

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None, "it was started with a pipe"
        with contextlib.suppress(ValueError):  # a line without an end
            while line := await process.stdout.readline():
                self._last_lines.append(line.decode(errors="replace").rstrip())
        if process is self._process:
            self._gone.set()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Take over the environment, but of the settings only those of the demonstration."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RENUMBER_")}
    return {**inherited, **settings, "PYTHONUNBUFFERED": "1"}


def _signal(group: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, sent)
