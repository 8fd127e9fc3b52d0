"""The service as a process of its own, with all that an operator's has."""

import asyncio
import contextlib
import http.client
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping

from renumber.demo.addresses import origin, quiet_port
from renumber.demo.ports import DemoError
from renumber.demo.proxy import ServiceProxy

START_FOR, STOP_FOR, LOOK_EVERY = 90.0, 5.0, 0.05  # seconds
LAUNCHER = (sys.executable, "-c", "from renumber.cli.demo.launcher import main; main()")
PIPE = asyncio.subprocess.PIPE


class Service:
    """`renumber serve` in an environment of its own; its last lines are kept for when it fails."""

    def __init__(self, host: str, *, acted: Callable[[], None]) -> None:
        """`acted` is called after each request that may have changed something."""
        self.proxy = ServiceProxy(acted)
        self._host, self._port = host, 0
        self._last_lines: deque[str] = deque(maxlen=30)
        self._launcher: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Future[tuple[None, None]] | None = None
        self._process_id: int | None = None
        self._ended, self._gone = asyncio.Event(), asyncio.Event()

    async def start(self, settings: Mapping[str, str]) -> None:
        """Start the service, and return when it is ready."""
        self._last_lines.clear()
        self._ended.clear()
        self._port = quiet_port(self._host)
        self.proxy.target = origin(self._host, self._port)
        launcher = self._launcher = self._launcher or await self._launch()
        wanted = {"host": self._host, "port": self._port, "environment": _environment(settings)}
        assert launcher.stdin is not None, "it was started with a pipe"
        launcher.stdin.write(json.dumps(wanted).encode() + b"\n")
        await self._become_ready()

    async def stop(self) -> None:
        """Stop the service and its workers."""
        process_id, self._process_id = self._process_id, None
        if process_id is None:
            return
        _signal(process_id, signal.SIGTERM)
        try:
            await asyncio.wait_for(self._ended.wait(), STOP_FOR)
        except TimeoutError:
            _signal(process_id, signal.SIGKILL)
            await self._ended.wait()

    async def close(self) -> None:
        """Stop the service, and what it is started from."""
        await self.stop()
        if self._launcher and self._listening:
            self._launcher.terminate()
            await self._launcher.wait()
            if self._process_id is not None:  # it was forked at the last moment
                _signal(self._process_id, signal.SIGKILL)
            await self._listening

    async def ended_by_itself(self) -> DemoError:
        """Wait until the service ends without having been stopped, and give the error that says so."""
        await self._gone.wait()
        return DemoError("\n".join(("The service ended by itself. Its last words:", *self._last_lines)))

    async def _launch(self) -> asyncio.subprocess.Process:
        """Start what the service is forked from; a Ctrl-C is ours to pass on, once."""
        launcher = await asyncio.create_subprocess_exec(
            *LAUNCHER, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True, limit=1 << 20
        )
        assert launcher.stdout is not None, "it was started with pipes"
        assert launcher.stderr is not None, "it was started with pipes"
        self._listening = asyncio.gather(self._listen(launcher.stdout), self._keep_lines(launcher.stderr))
        return launcher

    async def _become_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + START_FOR
        while not await asyncio.to_thread(self._is_ready):
            if self._ended.is_set() or asyncio.get_running_loop().time() > deadline:
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

    async def _listen(self, launcher: asyncio.StreamReader) -> None:
        while told := (await launcher.readline()).split():
            if told[0] == b"started":
                self._process_id = int(told[1])
            else:
                self._note_end()
        self._note_end()

    def _note_end(self) -> None:
        self._ended.set()
        if self._process_id is not None:
            self._gone.set()

    async def _keep_lines(self, said: asyncio.StreamReader) -> None:
        with contextlib.suppress(ValueError):  # a line without an end
            while line := await said.readline():
                self._last_lines.append(line.decode(errors="replace").rstrip())


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Take over the environment, but of the settings only those of the demonstration."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("RENUMBER_")}
    return {**inherited, **settings}


def _signal(group: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, sent)
