"""The waits between attempts to send a message."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential with full jitter, so that a herd of messages does not come back as a herd.

    By default the last of 48 attempts is about a day after the first: a mail server may be away for a night.
    """

    random: Callable[[], float]
    first: timedelta = timedelta(seconds=2)
    cap: timedelta = timedelta(hours=1)
    attempts: int = 48

    def is_last(self, attempts_before: int) -> bool:
        """Say whether the attempt after so many others is the last one."""
        return attempts_before + 1 >= self.attempts

    def wait_for(self, attempts_before: int, asked_for: timedelta | None) -> timedelta:
        """Give the wait after so many attempts; never less than the gateway asked for, within the cap."""
        ceiling = min(self.cap, self.first * (1 << min(attempts_before, 30)))
        return max(ceiling * self.random(), min(asked_for or timedelta(), self.cap))
