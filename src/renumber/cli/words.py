"""How the command line speaks: sentences on stderr, and exit codes that scripts can tell apart."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console

from renumber.crypto import KeyFileProblem
from renumber.settings import Settings, SettingsError
from renumber.store.engine import StoreFault

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

FAILED, BAD_INPUT = 1, 2


def stop(sentence: str, code: int = BAD_INPUT) -> NoReturn:
    """Say what to do, and end."""
    err.print(sentence, markup=False)
    raise typer.Exit(code)


def settings_of_environment() -> Settings:
    """Read the settings; every problem is told at once."""
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        stop(str(error))


@contextmanager
def worded_faults() -> Iterator[None]:
    """A fault of database or key file becomes a sentence; a bug stays a traceback."""
    try:
        yield
    except (StoreFault, KeyFileProblem) as fault:
        stop(f"{fault}. Nothing was changed; `renumber doctor` looks closer.", FAILED)


Say = Callable[[str], None]


def say(sentence: str) -> None:
    """One line on stdout."""
    out.print(sentence, markup=False)
