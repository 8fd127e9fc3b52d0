"""A wait that every channel is told of and can stop: where a person can show too little, time shows the rest."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Step


class WaitPurpose(StrEnum):
    """The act that the wait leads to."""

    NEW_NUMBER = "new_number"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    RELEASE = "release"
    RELEASE_BY_LATER = "release_later"


STARTED = {
    WaitPurpose.NEW_NUMBER: Fact.NUMBER_WAIT_STARTED,
    WaitPurpose.PASSWORD: Fact.PASSWORD_WAIT_STARTED,
    WaitPurpose.RELEASE: Fact.RELEASE_WAIT_STARTED,
    WaitPurpose.RELEASE_BY_LATER: Fact.RELEASE_WAIT_STARTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """The one wait of an account for a purpose; `about` is what it is for, such as the change, and ends with it.

    What it leads to may be done in the browser that began it, from `over_at` to `usable_until`.
    """

    account_id: str
    purpose: WaitPurpose
    about: str
    browser_key: bytes = field(repr=False)
    started_at: datetime
    over_at: datetime
    usable_until: datetime
    version: int = 0

    def stands(self, about: str, now: datetime) -> bool:
        """True if it is for this, and neither stopped nor left unused for too long."""
        return self.about == about and now < self.usable_until

    def is_over(self, now: datetime) -> bool:
        """True if the time has passed."""
        return now >= self.over_at

    def is_kept_by(self, browser_keys: Collection[bytes]) -> bool:
        """True if this browser began it: one of its keyed hashes is the one remembered."""
        return self.browser_key in browser_keys

    def stop(self, now: datetime) -> "Wait":
        """End it: what it was begun with no longer holds."""
        return replace(self, usable_until=min(self.usable_until, now))


def begin(standing: Wait | None, wanted: Wait) -> Step[Wait]:
    """Begin a wait, unless one for the same stands: another browser neither takes it over nor begins it anew.

    Otherwise whoever comes second could put off the owner for ever, or be in time by the wait of somebody else.
    """
    if standing and standing.stands(wanted.about, wanted.started_at):
        return Step(standing)
    replaced = replace(wanted, version=standing.version) if standing else wanted
    return Step(replaced, (STARTED[wanted.purpose],))
