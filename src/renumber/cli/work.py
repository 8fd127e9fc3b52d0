"""`renumber work` sends messages without serving pages."""

import asyncio
import signal
import sys

from renumber.cli.console import say
from renumber.cli.faults import report_unknown_names, settings_of_environment, worded_faults
from renumber.cli.key_check import prepare, refuse_exposed_key
from renumber.cli.ports import check_own_ports
from renumber.observability.logs import configure_logs
from renumber.settings import Settings
from renumber.wiring.parts import assemble
from renumber.wiring.web import running


def work() -> None:
    """Send messages without serving pages, until SIGTERM or Ctrl-C; any number of these may run."""
    settings = settings_of_environment()
    check_own_ports(settings)
    refuse_exposed_key(settings)
    prepare(settings)
    report_unknown_names()
    configure_logs(json_logs=settings.json_logs.chosen_for(sys.stderr))
    say("Sending messages. Ctrl-C ends it.")
    with worded_faults():
        asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    ending = asyncio.Event()
    for sent in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sent, ending.set)
    async with running(assemble(settings)):
        await ending.wait()
