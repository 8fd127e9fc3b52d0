"""The output of the command line: sentences on stderr, and exit codes that scripts can tell apart."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

import asyncpg
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from renumber.crypto import KeyFileProblem
from renumber.flows.ports.services import Unreadable
from renumber.flows.ports.store import AccountUnknown
from renumber.policies.colours import accent_on_dark, accent_on_light
from renumber.settings import Settings, SettingsError, unknown_names
from renumber.store.database.open import StoreFault
from renumber.store.schema.revision import SchemaTooNew

WIDE = 240  # characters: what another program reads is not folded
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)

FAILED, BAD_INPUT = 1, 2


def stop(sentence: str, code: int = BAD_INPUT) -> NoReturn:
    """Print a sentence on stderr, and exit."""
    err.print(sentence, markup=False)
    raise typer.Exit(code)


def settings_of_environment() -> Settings:
    """Parse the settings of the environment; all problems are printed at once."""
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        stop(str(error))


def report_unknown_names() -> None:
    """Print names that are no setting: a misspelt one would be a default that nobody chose."""
    for sentence in unknown_names(os.environ):
        err.print(sentence, markup=False)


@contextmanager
def worded_faults() -> Iterator[None]:
    """Turn a fault of the database, the key file or another file into a sentence; a bug stays a traceback."""
    try:
        yield
    except (StoreFault, KeyFileProblem, Unreadable) as fault:
        stop(f"{str(fault).rstrip('.')}. `renumber doctor` looks closer.", FAILED)
    except asyncpg.PostgresError as fault:  # such as a right that is missing; its first line quotes no row
        stop(
            f"PostgreSQL refuses: {str(fault).splitlines()[0]}. Look at the database that RENUMBER_DATABASE_URL names.",
            FAILED,
        )
    except SchemaTooNew as problem:
        stop(f"{problem} Use that version, or restore a backup.", FAILED)
    except AccountUnknown:
        stop("The account was erased meanwhile.", FAILED)
    except OSError as problem:
        stop(f"{problem.filename or 'A file or connection'} can't be used: {problem.strerror or problem}.", FAILED)


Say = Callable[[str], None]


def say(sentence: str) -> None:
    """Print a line on stdout."""
    out.print(sentence, markup=False)


def other_shades(colour: str) -> str:
    """Say where pages and mails show another shade of a colour; nothing if they never do."""
    shades = (("light", accent_on_light(colour).text), ("dark", accent_on_dark(colour).text))
    moved = " and ".join(f"{shade} on {ground} ground" for ground, shade in shades if shade != colour)
    return f"as text it becomes {moved}, so that it can be read (WCAG 2.2)" if moved else ""


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar; gives the function that advances it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=size)
        yield lambda steps: bar.advance(task, steps)


@dataclass(frozen=True, slots=True)
class Check:
    """The result of a check: its subject, what is wrong with it if anything is, and a note."""

    about: str
    wrong: str = ""
    note: str = ""
