"""Times as people read them: in their own time zone, with its name."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_datetime

from renumber.delivery.translations import Language
from renumber.locale import zone_names_in

UNBROKEN = "\u00a0"  # the space at which no line ends


def local_time(moment: str, zones: Sequence[str], language: Language) -> str:
    """Write an ISO moment as "24 November 2026, 14:32 CET", in the first zone that exists; an empty text stays empty.

    The day and its month, the time and its zone each stay on one line.
    """
    if not moment:
        return ""
    there = datetime.fromisoformat(moment).astimezone(_zone(zones))
    _ = language.say
    day = format_datetime(there, _("d MMMM y"), locale=_locale(language.code)).replace(" ", UNBROKEN, 1)
    time = format_datetime(there, _("HH:mm"), locale=_locale(language.code)).replace(" ", UNBROKEN)
    return f"{day}, {time}{UNBROKEN}{_zone_name(there, language)}"


def _zone(names: Sequence[str]) -> ZoneInfo:
    for name in names:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a path, a folder or an unknown name
            continue
    return ZoneInfo("UTC")


@lru_cache(16)
def _locale(language: str) -> Locale:
    """Parse the name of a language once: Babel would do so for each time."""
    return Locale.parse(language)


def _zone_name(there: datetime, language: Language) -> str:
    for locale in zone_names_in(language.code):
        name = format_datetime(there, "z", tzinfo=there.tzinfo, locale=_locale(locale))
        if name.isalpha():
            return name
    return format_datetime(there, "ZZZZ", tzinfo=there.tzinfo, locale=_locale("en")).replace("GMT", "UTC")
