"""Times as people read them: in their own time zone, with its name."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from renumber.delivery.translations import Language
from renumber.locale import formatted, zone_name

UNBROKEN = "\u00a0"  # the space at which no line ends


def local_time(moment: str, zones: Sequence[str], language: Language) -> str:
    """Write an ISO moment as "24 November 2026, 14:32 CET", in the first zone that exists; an empty text stays empty.

    The day and its month, the time and its zone each stay on one line.
    """
    if not moment:
        return ""
    there = datetime.fromisoformat(moment).astimezone(_zone(zones))
    _ = language.say
    day = formatted(there, _("d MMMM y"), language.code).replace(" ", UNBROKEN, 1)
    time = formatted(there, _("HH:mm"), language.code).replace(" ", UNBROKEN)
    return f"{day}, {time}{UNBROKEN}{zone_name(there, language.code)}"


def _zone(names: Sequence[str]) -> ZoneInfo:
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a path, a folder or an unknown name
            continue
    return ZoneInfo("UTC")
