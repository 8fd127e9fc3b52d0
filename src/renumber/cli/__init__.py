"""The command line: `renumber …`; a command is loaded when it is called, or when all of them are listed."""

from collections import UserDict
from pkgutil import resolve_name
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from renumber import __version__

COMMANDS = {
    "serve": "renumber.cli.serve:app",
    "work": "renumber.cli.work:app",
    "migrate": "renumber.cli.migrate:app",
    "demo": "renumber.cli.demo:app",
    "doctor": "renumber.cli.doctor.command:app",
    "account": "renumber.cli.accounts:app",
    "audit": "renumber.cli.audit:app",
    "keys": "renumber.cli.keys:app",
    "letters": "renumber.cli.outbox:app",
}


class LoadedOnDemand(UserDict[str, Any]):
    """Commands by name, each imported at its first use.

    This is the one place where code of ours is imported by a name in a table. All commands together load the web
    framework, the store and the mail client: `renumber --version` would take forty times as long.
    """

    def __getitem__(self, name: str) -> Any:
        """Import a command; a name that is not in the table is a KeyError."""
        return get_command(resolve_name(super().__getitem__(name)))


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = LoadedOnDemand(COMMANDS)


program = typer.Typer(
    name="renumber",
    help="Look after the phone numbers and second factors of accounts.",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """Run the command that this process was called with."""
    program()


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"renumber {__version__}")
        raise typer.Exit


@program.callback()
def _renumber(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Look after the phone numbers and second factors of accounts."""
    del version  # `_show_version` has shown it
