"""The shop itself: who is signed in, what came of a payment, and the events that it has heard of."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.demo.shop.provider import Ended, Pending, Person, Standing

TRUSTED_FOR = timedelta(minutes=5)  # how old a sign-in may be when somebody pays
BACKCHANNEL_LOGOUT = "backchannel-logout"
MOST_EVENTS, MOST_VISITS = 50, 100


class Outcome(StrEnum):
    """The result of the last thing that somebody did here."""

    NONE = "none"
    PAID = "paid"
    HELD = "held"
    FROZEN = "frozen"
    NO_NUMBER = "no_number"
    NOT_SIGNED_IN = "not_signed_in"
    NO_ANSWER = "no_answer"
    SESSION_ENDED = "session_ended"


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that a webhook has brought, or a logout token."""

    event_id: str
    type: str
    at: datetime


@dataclass(slots=True)
class Visit:
    """A browser in the shop; `change` is how a change of the number ended, as the provider said on the way back."""

    person: Person | None = None
    pending: dict[str, Pending] = field(default_factory=dict, repr=False)
    outcome: Outcome = Outcome.NONE
    hold_until: datetime | None = None
    change: str = ""

    def told(self, outcome: Outcome, hold_until: datetime | None = None) -> None:
        """Show this on the next page."""
        self.outcome, self.hold_until = outcome, hold_until

    def is_trusted(self, now: datetime) -> bool:
        """True if the sign-in is recent enough to pay."""
        return self.person is not None and now.timestamp() - self.person.authenticated_at < TRUSTED_FOR.total_seconds()


class Shop:
    """All visits and events; a fresh demonstration begins with none."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}
        self.events: deque[Heard] = deque(maxlen=MOST_EVENTS)

    def clear(self) -> None:
        """Forget everything."""
        self._visits.clear()
        self.events.clear()

    def visit(self, visit_id: str) -> Visit:
        """Find the visit of a browser, or begin one; the oldest goes when there are too many."""
        if visit_id not in self._visits and len(self._visits) >= MOST_VISITS:
            del self._visits[next(iter(self._visits))]
        return self._visits.setdefault(visit_id, Visit())

    def end_session(self, ended: Ended) -> None:
        """Sign out, here too, everybody whose session has ended at the provider."""
        for visit in self._visits.values():
            if visit.person and visit.person.session_id == ended.session_id:
                visit.person = None
                visit.told(Outcome.SESSION_ENDED)
        self.hear(Heard(ended.token_id, BACKCHANNEL_LOGOUT, ended.at))

    def hear(self, event: Heard) -> None:
        """Take an event over, unless it came before: a webhook may be repeated."""
        if event.event_id not in {known.event_id for known in self.events}:
            self.events.appendleft(event)


def judge(standing: Standing) -> Outcome:
    """Decide about a payment by how the account stands."""
    if standing.is_frozen:
        return Outcome.FROZEN
    if standing.has_no_number:
        return Outcome.NO_NUMBER
    return Outcome.HELD if standing.hold_until else Outcome.PAID
