"""The days that an auditor types, and the times that they stand for."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from renumber.domain.audit.entries import TimeRange


def days_between(since: str, until: str, zone: ZoneInfo) -> TimeRange:
    """From the beginning of one day to the end of another, in the zone of whoever asks; what is no day is open."""
    first, last = _day(since), _day(until)
    return TimeRange(
        since=_midnight(first, zone) if first else None,
        until=_midnight(last + timedelta(days=1), zone) if last else None,
    )


def _day(given: str) -> date | None:
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
