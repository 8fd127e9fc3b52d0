"""Times in a language, and the name of the zone beside them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from renumber.locale import formatted, zone_name

WINTER, SUMMER = datetime(2026, 1, 24, 13, 32, tzinfo=UTC), datetime(2026, 7, 24, 13, 32, tzinfo=UTC)
NAMES = {
    (WINTER, "Europe/Berlin", "de"): "MEZ",
    (SUMMER, "Europe/Berlin", "de"): "MESZ",
    (WINTER, "Europe/Berlin", "en"): "CET",
    (SUMMER, "Europe/Berlin", "en"): "CEST",
    (WINTER, "Asia/Tokyo", "en"): "UTC+09:00",
    (WINTER, "Europe/London", "en"): "GMT",
    (SUMMER, "Europe/London", "en"): "BST",
    (WINTER, "UTC", "en"): "UTC",
}


def test_a_zone_keeps_each_of_its_names_apart_by_summer_time_and_language() -> None:
    for _ in range(2):  # looked up, then remembered
        for (at, zone, language), name in NAMES.items():
            assert zone_name(at.astimezone(ZoneInfo(zone)), language) == name


def test_a_pattern_is_filled_in_the_words_of_the_language() -> None:
    assert [formatted(SUMMER, "d MMMM y, HH:mm", language) for language in ("de", "en", "fr")] == [
        "24 Juli 2026, 13:32",
        "24 July 2026, 13:32",
        "24 juillet 2026, 13:32",
    ]
