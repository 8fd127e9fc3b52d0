"""Progress bars for what takes long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from renumber.cli.words import err


@contextmanager
def progress(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """Show how far it is; gives the function that moves on."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=size)
        yield lambda steps: bar.advance(task, steps)
