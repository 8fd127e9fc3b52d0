"""`renumber demo`: the whole journey on this machine, without any provider."""

from typing import Annotated

import typer

from renumber.cli.console import FAILED, say, stop
from renumber.cli.demo.access import PartsAccess
from renumber.demo import DEFAULT_PORT, DemoError, run


def demo(
    host: Annotated[str, typer.Option(help="The address to listen on; only this machine may reach it.")] = "localhost",
    port: Annotated[
        int, typer.Option(help="The port to listen on; the next free one if the default is taken.", min=1, max=65535)
    ] = DEFAULT_PORT,
) -> None:
    """Try everything: two accounts, their mailboxes and phones beside the pages, and nothing that is kept."""
    try:
        run(host, port, open_access=PartsAccess, say=say)
    except DemoError as problem:
        stop(str(problem), FAILED)
