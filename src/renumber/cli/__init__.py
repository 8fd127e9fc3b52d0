"""The command line: `renumber …`; a command loads no more than it needs."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from renumber import __version__

COMMANDS = {
    "serve": "serve",
    "work": "work",
    "migrate": "work",
    "demo": "demo",
    "doctor": "doctor.command",
    "account": "accounts",
    "audit": "audit",
    "keys": "keys",
    "letters": "outbox",
}


def main() -> None:
    """Run the command that this process was called with."""
    program(sys.argv[1:])()


def program(arguments: Sequence[str]) -> typer.Typer:
    """Put together the command that is called, or all of them for who asks what there is."""
    made = typer.Typer(
        name="renumber",
        help="Look after the phone numbers and second factors of accounts.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    made.callback()(_renumber)
    called = COMMANDS.get(arguments[0]) if arguments else None
    for name in dict.fromkeys([called] if called else COMMANDS.values()):
        import_module(f"renumber.cli.{name}").join(made)
    return made


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"renumber {__version__}")
        raise typer.Exit


def _renumber(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Look after the phone numbers and second factors of accounts."""
    del version  # which has been told by now
