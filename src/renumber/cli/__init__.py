"""The command line: `renumber …`."""

import sys
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from renumber import __version__
from renumber.cli.command_table import COMMANDS
from renumber.cli.console import finish, told
from renumber.cli.loading import start_over_with_tunables
from renumber.cli.on_demand import Group, commands_of


class Commands(Group):
    """The group of all commands, of which each ends in a sentence and an exit code, whatever it was given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = commands_of(COMMANDS)

    def main(self, *args: Any, **options: Any) -> Any:
        """Run a command to its end, and exit."""
        try:
            code = super().main(*args, **{**options, "standalone_mode": False})
        except TyperException as problem:
            told(_sentence(problem))
            code = problem.exit_code
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: Any) -> Any:
        """Call the command, and write out what it has said."""
        answer = super().invoke(ctx)
        finish()
        return answer


def _sentence(problem: TyperException) -> str:
    """Say in one line what is wrong with the words of a command, and where to read on; nothing beside its help."""
    said = " ".join(problem.format_message().split())
    context = getattr(problem, "ctx", None)
    if not said or context is None:
        return said
    return f"{said}{'' if said.endswith(('.', '?')) else '.'} `{context.command_path} --help` says more."


program = typer.Typer(
    name="renumber",
    help="Look after the phone numbers and second factors of accounts.",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command that this process was called with."""
    if sys.argv[1:2] == ["serve"]:
        start_over_with_tunables()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        stream.reconfigure(errors="replace")  # a terminal may know few characters
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
