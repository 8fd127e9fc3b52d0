"""Commands that are loaded when they are called; until then, the table says all that a list needs."""

from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from renumber.cli.command_table import Listed
from renumber.cli.console import output
from renumber.cli.loading import loaded


class Group(TyperGroup):
    """A group of commands, which may print its help."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the words that were given."""
        with output():
            return super().make_context(info_name, args, parent, **extra)


class OnDemand(TyperCommand):
    """A command of the table, which becomes the real one as soon as it is called."""

    def __init__(self, name: str, listed: Listed) -> None:
        super().__init__(name, help=listed.does, hidden=listed.is_hidden)
        self.listed = listed

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Hand over to the real command, which may print its help."""
        command = self.load()
        with output():
            return command.make_context(info_name, args, parent, **extra)

    def load(self) -> Any:
        """Import the function, and make the command of it; what it says of itself is what the table says."""
        single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        single.command(self.name, help=self._help())(loaded(self.listed.function))
        return get_command(single)

    def _help(self) -> str:
        """Put what the table says before what the function adds in its docstring."""
        more = (loaded(self.listed.function).__doc__ or "").strip().partition("\n\n")[2]
        return f"{self.listed.does}\n\n{more}".strip()


def commands_of(table: Mapping[str, Listed]) -> dict[str, Any]:
    """Make the commands of a table, and of the groups in it."""
    return {name: _group(name, one) if one.commands else OnDemand(name, one) for name, one in table.items()}


def _group(name: str, listed: Listed) -> Group:
    return Group(
        name=name,
        help=listed.does,
        commands=commands_of(listed.commands),
        no_args_is_help=True,
        hidden=listed.is_hidden,
    )
