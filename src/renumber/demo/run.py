"""From nothing to a page that can be opened, and back to nothing."""

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn

from renumber.demo.addresses import bind
from renumber.demo.door import PAGE, Door
from renumber.demo.looks import Looks
from renumber.demo.pages import create_page
from renumber.demo.people import PEOPLE
from renumber.demo.ports import DemoError, OpenBackstage
from renumber.demo.stage import Stage
from renumber.settings.loopback import is_loopback

DEFAULT_PORT = 8000
CLOSE_FOR = 3.0  # seconds
Say = Callable[[str], None]


class _PageServer(uvicorn.Server):
    """Leaves the signals to us, who have more to end than this server."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def run(host: str, port: int, *, open_backstage: OpenBackstage, say: Say) -> None:
    """Run the demonstration until Ctrl-C or SIGTERM; raises DemoError with a sentence if it can't."""
    if not is_loopback(host):
        raise DemoError(
            f"The demo does not start on {host}: it shows codes and passwords to everyone who can reach it. "
            "Use --host localhost."
        )
    listening = "127.0.0.1" if host == "localhost" else host
    with bind(listening, port, or_next=port == DEFAULT_PORT) as door:
        found: int = door.getsockname()[1]
        stage = Stage(listening, found, name=host, open_backstage=open_backstage)
        asyncio.run(_perform(stage, door, say))


async def _perform(stage: Stage, door: socket.socket, say: Say) -> None:
    server = _PageServer(_config(stage))
    ending = asyncio.Event()
    for sent in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sent, ending.set)
    acts = [asyncio.create_task(act) for act in (_open(stage, server, door, say=say), _fail(stage), ending.wait())]
    try:
        done, _ = await asyncio.wait(acts, return_when=asyncio.FIRST_COMPLETED)
        for act in done:
            act.result()
    finally:
        stage.live.end()
        server.should_exit = True
        await asyncio.wait(acts[:1], timeout=CLOSE_FOR if server.started else 0)
        for act in acts:
            act.cancel()
        await asyncio.gather(*acts, return_exceptions=True)
        await stage.close()


async def _open(stage: Stage, server: uvicorn.Server, door: socket.socket, *, say: Say) -> None:
    await stage.open()
    say(_invitation(stage))
    await server.serve(sockets=[door])


async def _fail(stage: Stage) -> None:
    raise await stage.service.ended_by_itself()


def _config(stage: Stage) -> uvicorn.Config:
    return uvicorn.Config(
        Door(
            stage.netloc,
            create_page(stage, Looks()),
            stage.service.passage,
            listening=stage.listening,
            is_set=stage.is_set,
        ),
        lifespan="off",
        access_log=False,
        log_level="critical",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )


def _invitation(stage: Stage) -> str:
    people = "\n".join(f"  {person.name:<16}{person.email:<20}{person.password}" for person in PEOPLE)
    return (
        f"Renumber demo: open {stage.origin}{PAGE}\n\n"
        f"{people}\n\n"
        "No mail and no text leaves this computer. Ctrl-C ends the demo and forgets everything."
    )
