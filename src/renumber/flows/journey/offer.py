"""Offering a journey: an address, good for five minutes, that names a person and never authenticates them."""

from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.applications.journey import Journey
from renumber.domain.facts import Fact
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.act import Act, by_operator
from renumber.flows.links import new_link
from renumber.policies.operator.journeys import JOURNEY_FOR


@dataclass(frozen=True, slots=True)
class Offer:
    """The token of the address, and until when it can be opened."""

    token: str = field(repr=False)
    expires_at: datetime


@by_operator
async def offer_journey(act: Act, journey: Journey) -> Step[Offer | None]:
    """Make an address that leads this person, and nobody else, to what is to be done."""
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN)
    until, account_id = act.now + JOURNEY_FOR, act.account.account_id
    link, derived = new_link(act.services, account_id, LinkPurpose.JOURNEY, subject=journey.text, until=until)
    act.keep(link)
    return act.done(Offer(act.services.secrets.token(derived), until), Fact.JOURNEY_OFFERED)
