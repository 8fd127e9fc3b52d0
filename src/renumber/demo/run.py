"""The demonstration from start to end; nothing of it is left behind."""

import asyncio
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from litestar.types import ASGIApp

from renumber.demo.accounts import ACCOUNTS
from renumber.demo.addresses import bind
from renumber.demo.demonstration import Demonstration
from renumber.demo.pages import create_page
from renumber.demo.ports import DemoError, OpenAccess
from renumber.demo.proxy import PAGE, FrontProxy
from renumber.demo.shop.front import ShopFront
from renumber.demo.shop.pages import ShopSite, create_shop
from renumber.demo.staff import STAFF
from renumber.demo.templating import Templates
from renumber.settings.loopback import is_loopback

DEFAULT_PORT, SHOP_PORT = 8000, 8100
CLOSE_FOR = 3.0  # seconds
Say = Callable[[str], None]


class _PageServer(uvicorn.Server):
    """Leaves signals alone: there is more to end than this server."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def run(host: str, port: int, *, open_access: OpenAccess, say: Say) -> None:
    """Run the demonstration until Ctrl-C or SIGTERM; raises DemoError with a sentence if it can't."""
    if not is_loopback(host):
        raise DemoError(
            f"The demo does not start on {host}: it shows codes and passwords to everyone who can reach it. "
            "Use --host localhost."
        )
    listening = "127.0.0.1" if host == "localhost" else host
    with (
        bind(listening, port, or_next=port == DEFAULT_PORT) as listener,
        bind(listening, SHOP_PORT, or_next=True) as shop_listener,
    ):
        found, shop_port = (each.getsockname()[1] for each in (listener, shop_listener))
        demonstration = Demonstration(listening, found, shop_port=shop_port, name=host, open_access=open_access)
        asyncio.run(_serve(demonstration, listener, shop_listener, say=say))


async def _serve(
    demonstration: Demonstration, listener: socket.socket, shop_listener: socket.socket, *, say: Say
) -> None:
    templates = Templates()
    server, shop = _PageServer(_page(demonstration, templates)), _PageServer(_shop(demonstration, templates))
    ending = asyncio.Event()
    for sent in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sent, ending.set)
    tasks = [
        asyncio.create_task(one)
        for one in (
            _open(demonstration, server, listener, say=say),
            _fail(demonstration),
            ending.wait(),
            shop.serve(sockets=[shop_listener]),
        )
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        demonstration.broadcast.end()
        server.should_exit = shop.should_exit = True
        await asyncio.wait(tasks[:1], timeout=CLOSE_FOR if server.started else 0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await demonstration.close()


async def _open(demonstration: Demonstration, server: uvicorn.Server, listener: socket.socket, *, say: Say) -> None:
    say("Starting the demo: a fresh database, two people, a mailbox and phones, and three of customer relations …")
    await demonstration.open()
    say(_greeting(demonstration))
    await server.serve(sockets=[listener])


async def _fail(demonstration: Demonstration) -> None:
    raise await demonstration.service.ended_by_itself()


def _page(demonstration: Demonstration, templates: Templates) -> uvicorn.Config:
    front = FrontProxy(
        demonstration.netloc,
        create_page(demonstration, templates),
        demonstration.service.proxy,
        listening=demonstration.listening,
        is_ready=demonstration.is_ready,
    )
    return _config(front)


def _shop(demonstration: Demonstration, templates: Templates) -> uvicorn.Config:
    site = ShopSite(
        shop=demonstration.shop,
        broadcast=demonstration.broadcast,
        templates=templates,
        issuer=demonstration.origin,
        provider=lambda: demonstration.provider,
        now=lambda: demonstration.now,
    )
    return _config(ShopFront(demonstration.shop_origin.partition("//")[2], create_shop(site)))


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        access_log=False,
        log_level="critical",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )


def _greeting(demonstration: Demonstration) -> str:
    people = "\n".join(f"  {person.name:<16}{person.email:<20}{person.password}" for person in (*ACCOUNTS, *STAFF))
    return (
        f"Renumber demo is ready: open {demonstration.origin}{PAGE}\n\n"
        f"{people}\n\n"
        "No mail and no text leaves this computer. Ctrl-C ends the demo and forgets everything."
    )
