"""The time for which the history keeps what, by its kind; no time at all means for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from renumber.policies.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRetention:
    """`strangers` are those who named no account, `origins` the browser, the IP address and the reason of an act."""

    strangers: timedelta
    entries: timedelta = timedelta(0)
    erased: timedelta = timedelta(0)
    origins: timedelta = timedelta(0)

    @classmethod
    def by(cls, limits: Limits) -> Self:
        """Take it from the limits that an operator has set."""
        return cls(
            strangers=limits.strangers_kept_for,
            entries=limits.history_kept_for,
            erased=limits.erased_kept_for,
            origins=limits.origins_kept_for,
        )


def due_before(now: datetime, kept_for: timedelta) -> datetime | None:
    """The time before which something is over; None where it is kept for ever."""
    return now - kept_for if kept_for else None
