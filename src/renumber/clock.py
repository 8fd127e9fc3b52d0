"""The only source of the time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Give the current time in UTC."""
        return datetime.now(UTC)


class OffsetClock:
    """The machine's time moved by the seconds in a file: for journeys that outlast a test, on loopback only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """Give the moved time in UTC; a file that does not exist moves nothing."""
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def _offset(self) -> float:
        try:
            return float(self._path.read_text() or 0)
        except FileNotFoundError:
            return 0.0
