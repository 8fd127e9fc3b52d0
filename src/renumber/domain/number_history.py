"""The present number of an account and the one before, which can stop or undo the change for a while."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber


class Wanted(StrEnum):
    """The number that an operator brings back at a release."""

    RECENT = "recent"
    PRESENT = "present"
    FORMER = "former"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHistory:
    """The present number, if any, and the former one: the number that the owner had before the latest changes.

    `is_unproven` says that an operator entered the present number, and that nobody has shown possession of it here.
    """

    present: PhoneNumber | None = None
    is_unproven: bool = False
    changed_at: datetime | None = None
    former: PhoneNumber | None = None
    former_until: datetime | None = None

    def prove(self) -> Step["NumberHistory"]:
        """Show possession of the present number with a code sent to it; only the first time makes a difference."""
        if not self.is_unproven:
            return Step(self)
        return Step(replace(self, is_unproven=False), (Fact.NUMBER_PROVEN,))

    def detach(self, now: datetime, release_for: timedelta) -> Step["NumberHistory"]:
        """Take the number off the account: from now on it gets no code.

        The oldest number within the window stays the one that can release the account: otherwise a thief
        who changes the number twice would be asked for a code on a number of their own. Each change can be undone
        for the whole window: otherwise a thief would wait until that of an earlier change is nearly over.
        """
        if self.present is None:
            return Step(self, refusal=Refusal.NO_NUMBER)
        former = self.former_at(now) or self.present
        detached = replace(self, present=None, is_unproven=False, former=former, former_until=now + release_for)
        return Step(detached, (Fact.NUMBER_RESET,))

    def bind(self, number: PhoneNumber, now: datetime, release_for: timedelta) -> Step["NumberHistory"]:
        """Make a proven number the present one; the time in which the change can be undone begins with it."""
        assert self.present is None, "a number is detached before another is bound"
        bound = replace(self, present=number, changed_at=now)
        if self.former is None:
            return Step(bound, (Fact.NUMBER_BOUND,))
        return Step(replace(bound, former_until=now + release_for), (Fact.NUMBER_CHANGED,))

    def former_at(self, now: datetime) -> PhoneNumber | None:
        """The number before the change, while it may still stop or undo that change."""
        if self.former_until is None or now >= self.former_until:
            return None
        return self.former

    def keep_former(self, until: datetime) -> "NumberHistory":
        """Let the number before the change stop or undo it until then at least, if there is one.

        Otherwise a thief would begin to wait only once the number before is told nothing and stops nothing.
        """
        if self.former is None or self.former_until is None:
            return self
        return replace(self, former_until=max(self.former_until, until))

    def forget_former(self, now: datetime, kept_for: timedelta) -> Step["NumberHistory"]:
        """Forget the number before the change, some time after it can no longer undo it: the operator still may.

        Not while the account waits for its new number: the present number must not take its place there.
        """
        if self.former_until is None or now < self.former_until + kept_for or self.present is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, former=None, former_until=None))

    def on_file(self, now: datetime) -> tuple[PhoneNumber, ...]:
        """Every number that a notice goes to: the present one and the one before, never only the new one."""
        both = (self.present, self.former_at(now))
        return tuple(dict.fromkeys(number for number in both if number))

    def for_release(self, now: datetime) -> PhoneNumber | None:
        """The number that must answer before the owner can release the account by themselves.

        It is the one before a change that could be undone when the account was frozen, however long it stays so.
        """
        return self.former_at(now) or self.present or self.former

    def to_restore(self, wanted: Wanted, frozen_at: datetime | None) -> PhoneNumber | None:
        """The number that the operator brings back; unasked, the one before a change that was recent at the freeze.

        It is never none where there was one: without a number, password and mailbox would be enough to enrol another.
        """
        recent = self.former_at(frozen_at) if frozen_at else None
        first = {Wanted.RECENT: recent, Wanted.PRESENT: self.present, Wanted.FORMER: self.former}[wanted]
        return first or recent or self.present or self.former

    def release(self, number: PhoneNumber | None) -> "NumberHistory":
        """Bind this number at the release of the account, and forget the change that it undoes or confirms."""
        is_unproven = self.is_unproven and number == self.present
        return replace(self, present=number, is_unproven=is_unproven, former=None, former_until=None)
