"""The time that a request spends on its parts; used in development only."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from renumber.flows.ports.services import Passwords, Verdict
from renumber.observability.current import CURRENT


def spend(what: str, seconds: float) -> None:
    """Add to the time that the current request has spent; outside of a request it is dropped."""
    request = CURRENT.get()
    if request is not None:
        request.spent[what] = request.spent.get(what, 0.0) + seconds


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Measure a block."""
    started = time.perf_counter()
    try:
        yield
    finally:
        spend(what, time.perf_counter() - started)


class TimedPasswords:
    """Measures the hashing of passwords, the wait for a thread included."""

    def __init__(self, passwords: Passwords) -> None:
        self._passwords = passwords

    async def verify(self, stored: str | None, password: str) -> Verdict:
        """Verify a password, and measure it."""
        with timed("hash"):
            return await self._passwords.verify(stored, password)

    async def hash(self, password: str) -> str:
        """Hash a new password, and measure it."""
        with timed("hash"):
            return await self._passwords.hash(password)
