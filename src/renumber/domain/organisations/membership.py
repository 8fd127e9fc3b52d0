"""The membership of an account in an organisation, and what it may see of the others there."""

from dataclasses import dataclass, replace
from datetime import datetime

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The one organisation that an account belongs to, since when, and whether it is one of its administrators."""

    organisation_id: str
    since: datetime
    is_administrator: bool = False

    def name_administrator(self) -> Step["Membership"]:
        """Make the account an administrator of its organisation."""
        if self.is_administrator:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, is_administrator=True), (Fact.ADMINISTRATOR_NAMED,))

    def dismiss_administrator(self) -> Step["Membership"]:
        """Let the account be a member like all others."""
        if not self.is_administrator:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, is_administrator=False), (Fact.ADMINISTRATOR_DISMISSED,))


@dataclass(frozen=True, slots=True)
class Administrator:
    """Somebody who is signed in and administers an organisation, as acts and the history name them."""

    account_id: str
    organisation_id: str

    def bars(self, account_id: str, membership: Membership | None) -> Refusal | None:
        """Say why an account is none of theirs to answer for: nobody answers for themselves or for others' people."""
        if membership is None or membership.organisation_id != self.organisation_id:
            return Refusal.NOT_YOUR_COMPANY
        return Refusal.OWN_ACCOUNT if account_id == self.account_id else None


def join(standing: Membership | None, organisation_id: str, now: datetime) -> Step[Membership]:
    """Join an organisation; whoever administered another is an administrator no more."""
    if standing and standing.organisation_id == organisation_id:
        return Step(standing, refusal=Refusal.NOT_NOW)
    return Step(Membership(organisation_id=organisation_id, since=now), (Fact.ORGANISATION_JOINED,))


def organisation_of(membership: Membership | None) -> str | None:
    """The id of the organisation, for what remembers to whom an account belonged."""
    return membership.organisation_id if membership else None
