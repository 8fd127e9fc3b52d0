"""The people of customer relations: an account with a role, which nobody gives to themselves."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step

ENOUGH = frozenset({Factor.TOTP, Factor.PASSKEY})
"""The factors that open the console: what a text or a mail carries can be talked out of somebody (NIST 3.1.3)."""


PROVIDER = "provider"
"""Whoever gives the roles of people who come from the company's identity provider."""

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

    `proposed` waits for a second administrator; `by` names the operator or the accounts that gave the role. The role of
    somebody who comes from the company's identity provider follows their groups there, until they are blocked here.
    """

    account_id: str
    role: Role | None
    slot: str = SLOT
    given_at: datetime | None = None
    by: str = ""
    proposed: Role | None = None
    proposed_by: str = ""
    proposed_at: datetime | None = None
    is_from_provider: bool = False
    blocked_at: datetime | None = None
    version: int = 0

    @property
    def is_active(self) -> bool:
        """True if the account works at customer relations now."""
        return self.role is not None

    def give(self, role: Role, now: datetime, *, by: str) -> Step["StaffMember"]:
        """Give a role by the word of an operator, who needs nobody else's."""
        if self.is_from_provider:
            return Step(self, refusal=Refusal.ROLE_OF_PROVIDER)
        given = replace(self._settled(), role=role, given_at=now, by=by)
        return Step(given, (Fact.STAFF_ROLE_GIVEN,))

    def propose(self, role: Role, now: datetime, *, by: str) -> Step["StaffMember"]:
        """Propose a role; it is worth nothing until another administrator confirms it."""
        if by == self.account_id:
            return Step(self, refusal=Refusal.OWN_ACCOUNT)
        if self.is_from_provider:
            return Step(self, refusal=Refusal.ROLE_OF_PROVIDER)
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

    def remove(self, now: datetime, *, by: str) -> Step["StaffMember"]:
        """Take the role away, and whatever was proposed with it; one person is enough to do that.

        Whoever comes from the provider is blocked: else the next sign-in would bring the role back.
        """
        if by == self.account_id:
            return Step(self, refusal=Refusal.OWN_ACCOUNT)
        if not self._can_be_removed:
            return Step(self, refusal=Refusal.NOT_STAFF)
        blocked_at = now if self.is_from_provider else None
        removed = replace(self._settled(), role=None, given_at=None, by=by, blocked_at=blocked_at)
        return Step(removed, (Fact.STAFF_ROLE_REMOVED,))

    @property
    def _can_be_removed(self) -> bool:
        if self.is_from_provider:
            return self.blocked_at is None
        return self.role is not None or self.proposed is not None

    def follow(self, role: Role | None, now: datetime) -> Step["StaffMember"]:
        """Take the role that the groups at the company's identity provider give at a sign-in, or lose it."""
        if self.blocked_at is not None:
            return Step(self, refusal=Refusal.STAFF_BLOCKED)
        if role is self.role:
            return Step(self)
        given_at, fact = (now, Fact.STAFF_ROLE_GIVEN) if role else (None, Fact.STAFF_ROLE_REMOVED)
        return Step(replace(self, role=role, given_at=given_at, by=PROVIDER), (fact,))

    def readmit(self, *, by: str) -> Step["StaffMember"]:
        """Let somebody whom an operator or an administrator had blocked come from the provider again."""
        if self.blocked_at is None:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, blocked_at=None, by=by), (Fact.STAFF_READMITTED,))

    def _settled(self) -> "StaffMember":
        return replace(self, proposed=None, proposed_by="", proposed_at=None)


def newcomer(account_id: str) -> StaffMember:
    """An account that has no role yet."""
    return StaffMember(account_id=account_id, role=None)


def newcomer_of_provider(account_id: str) -> StaffMember:
    """Somebody who comes from the company's identity provider for the first time."""
    return StaffMember(account_id=account_id, role=None, is_from_provider=True)
