"""The reads of API keys, counted by each worker for itself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

A_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class ReadMeter:
    """The reads of each key in the minute that runs, of this process alone: to count them elsewhere costs more."""

    _since: datetime | None = None
    _reads: dict[bytes, int] = field(default_factory=dict)

    def take(self, key: bytes, most: int, now: datetime) -> tuple[datetime | None, int]:
        """Count one read of at most so many a minute; gives when it will be allowed, or None, and how many are left."""
        if self._since is None or not self._since <= now < self._since + A_MINUTE:
            self._since, self._reads = now, {}
        reads = self._reads.get(key, 0)
        if reads >= most:
            return self._since + A_MINUTE, 0
        self._reads[key] = reads + 1
        return None, most - reads - 1
