"""Every setting as `renumber doctor --settings` lists it, secrets masked."""

from renumber.cli.console import Colour, say
from renumber.settings import Described, Settings, describe


def say_settings(settings: Settings) -> None:
    """Print each setting with its value, and below it what it means, its default and why."""
    rows = describe(settings)
    longest = max(len(row.name) for row in rows)
    for row in rows:
        say(f"{row.name:{longest}}  {row.value}".rstrip())
        say(f"    {_meaning(row)}", Colour.QUIET)


def _meaning(row: Described) -> str:
    standard = f"default: {row.default}" if row.default else "no default"
    return f"{row.meaning} ({'; '.join(filter(None, (standard, row.why)))})"


def settings_json(settings: Settings) -> list[dict[str, str]]:
    """Give each setting as programs read it."""
    return [
        {"name": row.name, "value": row.value, "default": row.default, "meaning": row.meaning, "why": row.why}
        for row in describe(settings)
    ]
