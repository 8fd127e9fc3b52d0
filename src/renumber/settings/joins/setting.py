"""The setting that names the joins file."""

from pathlib import Path

from renumber.settings.joins.file import read_joins


def joins_file(given: str) -> Path:
    """Check the whole file before anything starts; later it is read again whenever it changes."""
    path = Path(given)
    read_joins(path)
    return path
