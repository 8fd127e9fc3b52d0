"""The standing of an account: what a payment asks before it trusts the account's number."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from renumber.domain.phone_change import ChangeState
from renumber.flows.ports.reads import StandingFacts
from renumber.flows.services import Services
from renumber.policies.cooling_off import hold_end


class ChangeStanding(StrEnum):
    """Where a change of the number stands: none is open, one waits for the company or for the press of its link, or the
    number has been removed."""

    NONE = "none"
    WAITING = "waiting"
    REQUESTED = "requested"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The standing: frozen or not, its number being changed, or changed so recently that payments wait."""

    is_frozen: bool
    change: ChangeStanding
    number_changed_at: datetime | None
    hold_until: datetime | None


async def standing_of(services: Services, account_id: str) -> Standing | None:
    """Read the standing in one query that unseals nothing; None if there is no such account."""
    facts = await services.reads.standing(account_id)
    if facts is None:
        return None
    now = services.clock.now()
    return Standing(
        is_frozen=facts.is_frozen,
        change=_change(facts, now),
        number_changed_at=facts.number_changed_at,
        hold_until=hold_end(facts.changed_at, now, services.rules.limits.hold_for),
    )


def _change(facts: StandingFacts, now: datetime) -> ChangeStanding:
    """A first number that is being entered is no change, and a link that ran out leads to none."""
    if facts.reset_at is not None:
        return ChangeStanding.RESET
    if facts.change is ChangeState.AWAITING_COMPANY:
        return ChangeStanding.WAITING
    is_asked = facts.change is ChangeState.REQUESTED and facts.link_expires_at and now < facts.link_expires_at
    return ChangeStanding.REQUESTED if is_asked else ChangeStanding.NONE
