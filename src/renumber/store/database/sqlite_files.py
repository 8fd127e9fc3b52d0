"""The files of a SQLite database, which their owner alone may read, whatever the umask of the process is.

SQLite gives its write-ahead log and the index of it the mode of the database's own file.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
_OTHERS = 0o077
_BESIDE = ("", "-wal", "-shm", "-journal")


def create_private(path: Path) -> None:
    """Make the file if there is none; where it can't be made, SQLite says why when it opens it."""
    if path.exists():  # one that is open must not be opened and closed here: that would end SQLite's locks on it
        return
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
        path.chmod(PRIVATE)


def make_private(path: Path) -> None:
    """Take all rights of others off the files that are there; those of another owner are left to `renumber doctor`."""
    for file in exposed_files(path):
        with suppress(PermissionError, FileNotFoundError):
            file.chmod(PRIVATE)


def exposed_files(path: Path) -> Iterator[Path]:
    """Find the files of the database that others have any right to."""
    for file in (path.with_name(f"{path.name}{suffix}") for suffix in _BESIDE):
        with suppress(FileNotFoundError, NotADirectoryError):
            if stat.S_IMODE(file.stat().st_mode) & _OTHERS:
                yield file
