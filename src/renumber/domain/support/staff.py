"""The people of customer relations: an account with a role, which nobody gives to themselves."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step

ENOUGH = frozenset({Factor.TOTP, Factor.PASSKEY})
"""The factors that open the console: what a text or a mail carries can be talked out of somebody (NIST 3.1.3)."""


SLOT = "staff"
"""The place of an account's one role among its rows."""


class Role(StrEnum):
    """The role of somebody at customer relations; `policies/support/acts.py` has the acts of each."""

    AGENT = "agent"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of customer relations who is signed in to the console, as acts and the history name them."""

    account_id: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRequest:
    """Something that somebody of staff is about to do to an account, for which reason, and the case that they see."""

    staff: Staff
    account_id: str
    reason: str = field(default="", repr=False)
    case_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """The role of an account. `role` is None before the first is confirmed and after the last was taken away.

    `proposed` waits for a second administrator; `by` names the operator or the accounts that gave the role.
    """

    account_id: str
    role: Role | None
    slot: str = SLOT
    given_at: datetime | None = None
    by: str = ""
    proposed: Role | None = None
    proposed_by: str = ""
    proposed_at: datetime | None = None
    version: int = 0

    @property
    def is_active(self) -> bool:
        """True if the account works at customer relations now."""
        return self.role is not None

    def give(self, role: Role, now: datetime, *, by: str) -> Step["StaffMember"]:
        """Give a role by the word of an operator, who needs nobody else's."""
        given = replace(self._settled(), role=role, given_at=now, by=by)
        return Step(given, (Fact.STAFF_ROLE_GIVEN,))

    def propose(self, role: Role, now: datetime, *, by: str) -> Step["StaffMember"]:
        """Propose a role; it is worth nothing until another administrator confirms it."""
        if by == self.account_id:
            return Step(self, refusal=Refusal.OWN_ACCOUNT)
        return Step(replace(self, proposed=role, proposed_by=by, proposed_at=now), (Fact.STAFF_ROLE_PROPOSED,))

    def confirm(self, now: datetime, *, by: str) -> Step["StaffMember"]:
        """Confirm what another administrator has proposed."""
        if self.proposed is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        if by == self.account_id:
            return Step(self, refusal=Refusal.OWN_ACCOUNT)
        if by == self.proposed_by:
            return Step(self, refusal=Refusal.NEEDS_SECOND_PERSON)
        return self.give(self.proposed, now, by=f"{self.proposed_by}, {by}")

    def remove(self, *, by: str) -> Step["StaffMember"]:
        """Take the role away, and whatever was proposed with it; one person is enough to do that."""
        if by == self.account_id:
            return Step(self, refusal=Refusal.OWN_ACCOUNT)
        if self.role is None and self.proposed is None:
            return Step(self, refusal=Refusal.NOT_STAFF)
        return Step(replace(self._settled(), role=None, given_at=None, by=by), (Fact.STAFF_ROLE_REMOVED,))

    def _settled(self) -> "StaffMember":
        return replace(self, proposed=None, proposed_by="", proposed_at=None)


def newcomer(account_id: str) -> StaffMember:
    """An account that has no role yet."""
    return StaffMember(account_id=account_id, role=None)
