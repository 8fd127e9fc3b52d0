"""The joins file as a command reads it."""

from pathlib import Path
from typing import Annotated

import typer

from renumber.cli.console import FAILED, stop
from renumber.cli.faults import settings_of_environment
from renumber.policies.joins import Joins
from renumber.settings.joins.file import JoinsProblem, read_joins

File = Annotated[
    Path | None, typer.Argument(help="The joins file; without it, the one of RENUMBER_JOINS_FILE.", show_default=False)
]


def given_joins(given: Path | None) -> tuple[Path, Joins]:
    """Read the file that was named, or exit with a sentence for each problem."""
    path = given or settings_of_environment().joins_file
    if path is None:
        stop("Name a joins file, or set RENUMBER_JOINS_FILE.")
    try:
        return path, read_joins(path)
    except JoinsProblem as problem:
        stop("\n".join((f"Please change {path}:", *(f"- {said}" for said in problem.problems))), FAILED)
