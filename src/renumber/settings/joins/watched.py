"""The joins file as it is now: read again when it changes, and as it was before while it can't be used."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from renumber.policies.joins import NO_JOINS, Joins
from renumber.settings.joins.file import Folder, JoinsProblem, read_joins

LOOKED_AT_EVERY = 1.0  # seconds

Stamp = tuple[tuple[int, int, int] | None, ...]
Tell = Callable[[str], None]


class WatchedJoins:
    """Gives what has joined; a change of the file, or of one that it names, is seen a second later.

    `tell` is given the name of what happened then: `joins_read` or `joins_not_read`.
    """

    def __init__(self, path: Path | None, tell: Tell) -> None:
        self._path, self._tell = path, tell
        self._joins, self._files = _read(path) if path else (NO_JOINS, ())
        self._stamp, self._looked_at = _stamp(self._files), monotonic()

    def current(self) -> Joins:
        """Give what has joined by now."""
        now = monotonic()
        if self._path and now >= self._looked_at + LOOKED_AT_EVERY:
            self._looked_at = now
            self._read_if_changed(self._path)
        return self._joins

    def _read_if_changed(self, path: Path) -> None:
        stamp = _stamp(self._files)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._joins, self._files = _read(path)
        except JoinsProblem:
            self._tell("joins_not_read")
        else:
            self._stamp = _stamp(self._files)
            self._tell("joins_read")


def _read(path: Path) -> tuple[Joins, Sequence[Path]]:
    folder = Folder(path.parent)
    return read_joins(path, folder), (path, *folder.named)


def _stamp(files: Sequence[Path]) -> Stamp:
    return tuple(_stamp_of(path) for path in files)


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
