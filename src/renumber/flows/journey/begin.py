"""Opening the address of a journey: looking changes nothing, and one press begins it."""

from dataclasses import dataclass, replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.applications.journey import Journey, read_journey
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.flows.act import LinkAct, SessionAct, behind_link, in_session
from renumber.flows.links import find_link
from renumber.flows.services import Services


@dataclass(frozen=True, slots=True)
class JourneyView:
    """The page behind the address: why it leads nowhere, or whose account it names and what is to be done there."""

    refusal: Refusal | None
    account: Account | None = None
    journey: Journey | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A journey that was begun, and the account that it names."""

    account_id: str
    journey: Journey


async def look_at_journey(services: Services, token: str) -> JourneyView:
    """Say where an address leads, for any number of scanners and previews, changing nothing."""
    link = await find_link(services, token, LinkPurpose.JOURNEY)
    account = await services.store.find_account(link.account_id) if link else None
    if link is None or account is None:
        return JourneyView(Refusal.LINK_UNKNOWN)
    return JourneyView(_examine(link, services.clock.now()), account, read_journey(link.subject))


def _examine(link: Link, now: datetime) -> Refusal | None:
    if link.used_at:
        return Refusal.LINK_USED
    return Refusal.LINK_EXPIRED if now >= link.expires_at else None


@in_session
async def begin_for_application(act: SessionAct, client_id: str) -> Step[None]:
    """Begin a journey to which an application has sent somebody who is signed in; the history says which."""
    return replace(act, evidence=act.evidence.with_client(client_id)).done(None, Fact.JOURNEY_BEGUN)


@behind_link(LinkPurpose.JOURNEY)
async def begin_journey(act: LinkAct) -> Step[Begun | None]:
    """Begin it, once; whoever does so is still nobody, and signs in like everybody else."""
    refusal = _examine(act.link, act.now)
    if refusal:
        return act.refuse(refusal)
    act.keep(act.link.use(act.now))
    begun = Begun(act.account.account_id, read_journey(act.link.subject))
    return replace(act, subject="").done(begun, Fact.JOURNEY_BEGUN)
