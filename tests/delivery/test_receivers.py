"""Many receivers at once: each has its own places, and what was claimed before a failure is not lost for long."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from renumber.delivery.receivers import AT_ONCE_TO_ONE, ToReceivers

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class StandingClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Waiting:
    """A queue and its receivers, in memory; one receiver may be out of reach of the database."""

    names: tuple[str, ...]
    failing: str = ""
    claimed: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    async def prepare(self, now: datetime) -> None:
        """Nothing is to be prepared."""

    async def open(self) -> Sequence[str]:
        return self.names

    async def due_at(self, _receiver: str, /) -> datetime | None:
        return NOW

    async def claim(
        self, receiver: str, limit: int, _claimant: str, /, *, now: datetime, until: datetime
    ) -> Sequence[str]:
        assert now < until
        if receiver == self.failing:
            raise ConnectionError
        taken = [receiver] * limit
        self.claimed += taken
        return taken

    async def release(self, claimed: Sequence[str], _now: datetime, /) -> None:
        for one in claimed:
            self.claimed.remove(one)

    async def send(self, one: str) -> None:
        self.sent.append(one)


def loop_over(waiting: Waiting) -> ToReceivers[str]:
    """What sends all that waits."""
    return ToReceivers(waiting, waiting, send=waiting.send, receiver_of=str, clock=StandingClock(), claimant="tests")


async def test_what_was_claimed_for_others_before_a_claim_failed_is_given_back_and_every_place_is_free() -> None:
    waiting = Waiting(("shop", "bank", "late"), failing="bank")
    loop = loop_over(waiting)

    for _ in range(3):
        with pytest.raises(ConnectionError):
            await loop.claim(10, "tests", now=NOW, until=NOW + timedelta(seconds=1))
    assert waiting.claimed == []
    waiting.failing = ""
    claimed = await loop.claim(10, "tests", now=NOW, until=NOW + timedelta(seconds=1))

    assert sorted(claimed) == ["bank"] * AT_ONCE_TO_ONE + ["late"] * 2 + ["shop"] * AT_ONCE_TO_ONE
