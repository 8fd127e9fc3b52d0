"""The output of the command line: lines on stdout, sentences on stderr, and exit codes that scripts can tell apart."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, TextIO

import typer

FAILED, BAD_INPUT = 1, 2
READER_GONE = 141  # as a shell counts a program whose output nobody reads any more: 128 + SIGPIPE


class Colour(StrEnum):
    """A colour by its meaning, as a terminal is told of it."""

    WRONG = "1;31"
    RIGHT = "32"
    QUIET = "2"


def stop(sentence: str, code: int = BAD_INPUT) -> NoReturn:
    """Print a sentence on stderr, and exit."""
    told(sentence)
    raise typer.Exit(code)


def told(sentence: str) -> None:
    """Print a sentence on stderr: how to go on, or what is wrong."""
    if sentence and sys.stderr:
        print(printable(sentence), file=sys.stderr)  # noqa: T201 -- the one place that prints, with the next


Say = Callable[[str], None]


def say(line: str, colour: Colour | None = None) -> None:
    """Print a line on stdout at once, since a server says where it listens; in a colour where a terminal shows it."""
    clean = printable(line)
    if sys.stdout:
        shown = f"\x1b[{colour.value}m{clean}\x1b[0m" if colour and has_colours(sys.stdout) else clean
        with output():
            print(shown, flush=True)  # noqa: T201


def pour(text: str) -> None:
    """Print many lines, as they are: whoever made them has left no control character in them."""
    if text and sys.stdout:
        with output():
            sys.stdout.write(text)


def finish() -> None:
    """Write what is still to be written, as the last act of a command."""
    if sys.stdout:
        with output():
            sys.stdout.flush()


@contextmanager
def output() -> Iterator[None]:
    """End without a word where the reader of a pipe has gone, as `head` does, and in a sentence on a full disk."""
    try:
        yield
    except SystemExit:  # Rich's answer to a pipe that nobody reads, in the help
        raise typer.Exit(READER_GONE) from None
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python fails once more at its end
        if isinstance(problem, BrokenPipeError):
            raise typer.Exit(READER_GONE) from None
        stop(f"The output can't be written: {problem.strerror}.", FAILED)


def has_colours(stream: TextIO) -> bool:
    """Say whether colours are wanted there: on a terminal, unless NO_COLOR or TERM=dumb say otherwise."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Spell out every control character but the end of a line: a name must not steer the terminal that shows it.

    They are spelt as JSON spells them, so that a JSON text stays one.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\n" else json.dumps(one)[1:-1] for one in text)


@dataclass(frozen=True, slots=True)
class Check:
    """The result of a check: its subject, what is wrong with it if anything is, and a note."""

    about: str
    wrong: str = ""
    note: str = ""
