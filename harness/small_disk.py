"""A disk of a few megabytes that a test can fill and write-protect; making one takes the rights of root."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = b"\0" * (1 << 16)
FILLER = "filler"


class NoDisk(Exception):
    """This machine lets nobody mount anything here."""


class SmallDisk:
    """A folder on a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Leave no room."""
        with (self.folder / FILLER).open("ab", buffering=0) as filler:
            for part in (CHUNK, CHUNK[:4096]):
                try:
                    while filler.write(part) == len(part):
                        pass
                except OSError:
                    continue

    def empty(self) -> None:
        """Make room again."""
        (self.folder / FILLER).unlink()

    def protect(self) -> None:
        """Let nothing be written from now on; nothing may be open for writing."""
        _run("mount", "-o", "remount,ro", str(self.folder))


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk until the block ends; raises NoDisk where that isn't allowed."""
    with tempfile.TemporaryDirectory(prefix="renumber-disk-", ignore_cleanup_errors=True) as folder:
        try:
            _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=1777", "tmpfs", folder)
        except (OSError, subprocess.CalledProcessError) as refused:
            raise NoDisk("Mounting a small disk takes the rights of root.") from refused
        try:
            yield SmallDisk(Path(folder))
        finally:
            _run("umount", "-l", folder)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
