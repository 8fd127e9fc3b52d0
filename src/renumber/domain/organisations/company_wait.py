"""The wait of a change for an administrator of the person's organisation: until when, and what follows then."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyWait:
    """One wait. `goes_on` says that nobody else could confirm it: then it goes on by itself, and else it expires.

    `tell_at` is when the administrators hear of it again; `answered_by` the id of the one who has confirmed or refused.
    """

    until: datetime
    goes_on: bool
    tell_at: datetime | None = None
    answered_by: str = ""
    answered_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """True once nobody is waited for any more."""
        return now >= self.until

    @property
    def due_at(self) -> datetime:
        """The time when the next thing comes by itself: administrators are told again, or the wait is over."""
        return min(self.tell_at or self.until, self.until)

    def tell_again(self, at: datetime | None) -> "CompanyWait":
        """Let the administrators hear of it again at this time."""
        return replace(self, tell_at=at)

    def answer(self, by: str, now: datetime) -> "CompanyWait":
        """Remember who has answered."""
        return replace(self, answered_by=by, answered_at=now)
