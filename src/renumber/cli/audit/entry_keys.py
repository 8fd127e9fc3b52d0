"""The place of an entry as commands take it: `ACCOUNT:NUMBER`."""

import re

from renumber.cli.console import stop
from renumber.domain.audit.entries import EntryKey

_WRITTEN = re.compile(r"([0-9a-f]{32}):(\d{1,18})", re.ASCII)


def read_key(given: str) -> EntryKey | None:
    """Read the place of an entry; None where none was given."""
    if not given:
        return None
    found = _WRITTEN.fullmatch(given)
    if found is None:
        stop("Give --after the place of an entry as `renumber audit show` writes it, ACCOUNT:NUMBER.")
    return EntryKey(found[1], int(found[2]))
