"""The texts that an operator writes about a person: a name, and the reason of an act."""

from renumber.domain.typed.names import is_harmful, is_seen, tidied

MOST_NAME = 200
MOST_REASON = 200


def read_name(given: str) -> str | None:
    """Read a person's name: one line, with something in it; None if it can't be one."""
    return _one_line(given, MOST_NAME)


def read_reason(given: str) -> str | None:
    """Read a reason: one line, for whoever reads the history; None if it can't be one."""
    return _one_line(given, MOST_REASON)


def _one_line(given: str, most: int) -> str | None:
    if is_harmful(given.strip()):
        return None
    text = tidied(given)
    return text if is_seen(text) and len(text) <= most else None
