"""The waits before an event is sent to a webhook again, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.policies.events.types import Event

# Three days in all, as Standard Webhooks advises: a receiver may be away over a weekend.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2  # of each wait, so that what failed together doesn't come back together
LONGEST_ASKED = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event for one webhook, which one sender may send until its claim lapses; `attempts` were made before."""

    delivery_id: str
    webhook_id: str
    event_id: str
    event: Event
    attempts: int
    claim: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has taken it."""


@dataclass(frozen=True, slots=True)
class Again:
    """It is sent again at this time; the reason quotes nothing of the receiver's."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is not sent again by itself; an operator can."""

    reason: str


DeliverySettlement = Delivered | Again | GivenUp


def wait_before_next(attempts: int, dice: Callable[[], float], asked_for: timedelta | None) -> timedelta | None:
    """Give the wait after so many attempts; None after the last one.

    It is never less than the receiver asked for, a day at most. `dice` gives numbers from 0 to 1.
    """
    if not 0 < attempts <= len(WAITS):
        return None
    wait = WAITS[attempts - 1] * (1 + JITTER * dice())
    return max(wait, min(asked_for or timedelta(), LONGEST_ASKED))
