"""An organisation: its name, and whether its people's changes wait for an administrator."""

from dataclasses import dataclass, replace
from datetime import datetime

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step

SLOT = "organisation"
"""The place of an organisation's one row among those of its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One organisation. Its id is that of an account that is nobody's, whose history is the organisation's own."""

    account_id: str
    name: str
    changes_wait: bool
    created_at: datetime
    slot: str = SLOT
    version: int = 0

    def set(self, *, name: str, changes_wait: bool) -> Step["Organisation"]:
        """Give it another name, or let changes wait or not; those that wait already keep the rule they began with."""
        if (name, changes_wait) == (self.name, self.changes_wait):
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, name=name, changes_wait=changes_wait), (Fact.ORGANISATION_SET,))
