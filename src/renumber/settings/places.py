"""The file of places by IP address that an operator may bring: there, readable, and whole enough to be read."""

from pathlib import Path

import maxminddb


def places_file(given: str) -> Path:
    """Check the file before anything starts: a mail must not be where its fault is found."""
    path = Path(given)
    try:
        path.open("rb").close()
        with maxminddb.open_database(path, maxminddb.MODE_MMAP) as reader:
            next(iter(reader), None)
    except OSError as error:
        raise ValueError(f"the file can't be read: {error.strerror}") from None
    except (maxminddb.InvalidDatabaseError, ValueError, TypeError, IndexError, KeyError):
        raise ValueError("this is no whole MMDB file; get it again, and unpack it if it is compressed") from None
    return path
