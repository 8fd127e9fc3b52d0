"""Times in a language: a pattern filled in, and the name of a zone, which is looked up once for each of its offsets."""

from datetime import datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_datetime

from renumber.locale.catalogues import zone_names_in

_Zone = tuple[str, timedelta | None, timedelta | None, str]  # zone, offset, summer time, language
_names: dict[_Zone, str] = {}  # as many as there are zones, twice, in each language


def formatted(local: datetime, pattern: str, language: str) -> str:
    """Fill a pattern of Unicode's TR 35 with a time that was moved to its zone."""
    return format_datetime(local, str(pattern), locale=_locale(language))


def zone_name(local: datetime, language: str) -> str:
    """Name the zone of a time in a few letters, as `CET`; where the language has none for it, as `UTC+09:00`."""
    zone = (str(local.tzinfo), local.utcoffset(), local.dst(), language)
    if zone not in _names:
        _names[zone] = _looked_up(local, language)
    return _names[zone]


def _looked_up(local: datetime, language: str) -> str:
    names = (formatted(local, "z", locale) for locale in zone_names_in(language))
    offset = f"{local:%z}"
    return next((name for name in names if name.isalpha()), f"UTC{offset[:3]}:{offset[3:]}")


@lru_cache(16)
def _locale(language: str) -> Locale:
    """Babel would read the name of the language anew for each time that is shown."""
    return Locale.parse(language)
