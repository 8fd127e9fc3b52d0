"""Faults from outside in words: of the settings, the database, the key file or another file."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from renumber.cli.console import FAILED, stop, told
from renumber.crypto import KeyFileProblem
from renumber.flows.ports.services import Unreadable
from renumber.flows.ports.store import AccountUnknown
from renumber.settings import Settings, SettingsError, unknown_names
from renumber.store.database.open import StoreFault
from renumber.store.schema.revision import SchemaTooNew


def settings_of_environment() -> Settings:
    """Parse the settings of the environment; all problems are printed at once."""
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        stop(str(error))


def report_unknown_names() -> None:
    """Print names that are no setting: a misspelt one would be a default that nobody chose."""
    for sentence in unknown_names(os.environ):
        told(sentence)


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
    except BrokenPipeError:  # nobody reads any more: no fault of ours
        raise
    except OSError as problem:
        stop(f"{problem.filename or 'A file or connection'} can't be used: {problem.strerror or problem}.", FAILED)
