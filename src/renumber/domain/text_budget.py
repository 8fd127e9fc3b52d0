"""The budget of notices by text to one number of one account: what has no room is joined into one text later."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBudget:
    """When notices went out as texts, and how many are `joined` into the one that goes out at `joined_at`."""

    account_id: str
    number_key: bytes = field(repr=False)
    times: tuple[datetime, ...] = ()
    joined: int = 0
    joined_at: datetime | None = None
    joined_id: str = ""

    def tell(self, now: datetime, allowed: int) -> tuple["TextBudget", bool]:
        """Count one more notice, and say whether it goes out: fewer than `allowed` did within a day; else it joins."""
        if len(self._told_at(now)) < allowed:
            return replace(self, times=(*self._worth_keeping(now), now)), True
        if self.waits(now):
            return replace(self, joined=self.joined + 1), False
        return self._begin_to_join(now, allowed), False

    def waits(self, now: datetime) -> bool:
        """True if there is a joined text that hasn't gone out yet."""
        return self.joined_at is not None and now < self.joined_at

    def _begin_to_join(self, now: datetime, allowed: int) -> "TextBudget":
        """The joined text goes out as soon as there is room for it, and takes that room."""
        due = sorted(self._told_at(now))[-allowed] + DAY
        return replace(self, times=(*self._worth_keeping(now), due), joined=1, joined_at=due, joined_id="")

    def _told_at(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.times if now - DAY < at <= now)

    def _worth_keeping(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.times if now - DAY < at)

    def forget_joined(self) -> "TextBudget":
        """No text waits any more that could be joined: it has left the house."""
        return replace(self, joined=0, joined_at=None, joined_id="")

    @property
    def ends_at(self) -> datetime:
        """The time from which it is as if nothing had been told."""
        return max(self.times) + DAY
