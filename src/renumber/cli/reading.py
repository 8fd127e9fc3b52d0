"""The common part of all commands that read: JSON, times, pages and columns."""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size

from renumber.cli.console import Colour, printable, say, stop

MOST_AT_ONCE = 200

Json = Annotated[bool, typer.Option("--json", help="Answer with JSON, for programs; times are in UTC.")]
Utc = Annotated[bool, typer.Option("--utc", help="Show times in UTC instead of this machine's time zone.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=MOST_AT_ONCE, help="How many to show.")]

Cells = Mapping[str, str]
BETWEEN, LEAST_WIDTH = "  ", 12


@dataclass(frozen=True, slots=True)
class Times:
    """Shows times in the time zone of this machine, or in UTC."""

    in_utc: bool

    def shown(self, at: datetime) -> str:
        """Write a time to the minute, with its zone."""
        return f"{at.astimezone(UTC if self.in_utc else None):%Y-%m-%d %H:%M %Z}"


def read_time(given: str) -> datetime | None:
    """Read a time, if one was given; one without a zone is of this machine."""
    if not given:
        return None
    try:
        return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        stop("Write the time as 2026-11-30 or 2026-11-30T08:00+01:00.")


def next_page(key: str | None) -> str:
    """Say how to go on; nothing where a list has ended."""
    return f"There are more: add --after {key}" if key else ""


def say_json(value: object) -> None:
    """Print one JSON value."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=in_json))


def in_json(value: object) -> str:
    """Write a time as programs read it: UTC, RFC 3339."""
    assert isinstance(value, datetime)
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def say_columns(rows: Sequence[Cells], *, wide: str) -> None:
    """Print rows under their names, as wide as the terminal; nothing is cut for another program."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    room = shutil.get_terminal_size().columns if is_terminal else sys.maxsize
    for number, line in enumerate(columns(rows, wide=wide, room=room)):
        say(line, None if number else Colour.QUIET)


def columns(rows: Sequence[Cells], *, wide: str, room: int) -> Iterator[str]:
    """Lay rows out under their names: the wide column gives way, and where that is not enough, rows stand upright."""
    if not rows:
        return
    clean = [{name: printable(cell).replace("\n", " ") for name, cell in row.items()} for row in rows]
    widths = {name: max(cell_len(name), *(cell_len(row[name]) for row in clean)) for name in clean[0]}
    others = sum(width + len(BETWEEN) for name, width in widths.items() if name != wide)
    if room < others + min(widths[wide], LEAST_WIDTH):
        yield from _upright(clean)
        return
    widths[wide] = min(widths[wide], room - others)
    for row in ({name: name for name in widths}, *clean):
        yield BETWEEN.join(_fitted(row[name], width) for name, width in widths.items()).rstrip()


def _fitted(text: str, width: int) -> str:
    return set_cell_size(text, width) if cell_len(text) <= width else f"{set_cell_size(text, width - 1)}…"


def _upright(rows: Sequence[Cells]) -> Iterator[str]:
    longest = max(map(len, rows[0]))
    for number, row in enumerate(rows):
        if number:
            yield ""
        yield from (f"{name:{longest}}{BETWEEN}{value}" for name, value in row.items())
