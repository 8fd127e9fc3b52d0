"""The text of a setting for a value: defaults are values of the policies, and `renumber doctor` shows them as text."""

from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches

from renumber.policies.push_hosts import PushHost

# Each unit with the shortest duration that is written in it: 120s, 5min, 72h, 7d.
_UNITS = (
    ("d", timedelta(days=1), timedelta(days=7)),
    ("h", timedelta(hours=1), timedelta(hours=1)),
    ("min", timedelta(minutes=1), timedelta(minutes=5)),
    ("s", timedelta(seconds=1), timedelta()),
)


def written(value: object) -> str:
    """Write a value so that it can be read back as a setting."""
    if isinstance(value, tuple):
        return ",".join(map(written, value))
    if isinstance(value, Mapping):
        return ",".join(f"{name}={written(each)}" for name, each in value.items())
    if isinstance(value, PushHost):
        return f"*.{value.name}" if value.with_subdomains else value.name
    return _duration(value) if isinstance(value, timedelta) else str(value)


def _duration(value: timedelta) -> str:
    unit, size = next((unit, size) for unit, size, shortest in _UNITS if value >= shortest and not value % size)
    return f"{value // size}{unit}"


def meant(name: str, known: list[str]) -> str:
    """Guess which setting somebody meant by a name that is none."""
    close = get_close_matches(name, known, 1, 0.8)
    return f"; perhaps you mean {close[0]}" if close else ""
