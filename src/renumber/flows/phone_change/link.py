"""The link of a phone change: looking at it changes nothing, pressing its button resets the number."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.applications.journey import Journey
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session
from renumber.flows.act import LinkAct, behind_link
from renumber.flows.consequences import end_sessions
from renumber.flows.phone_change.request import lacks_factor
from renumber.flows.ports.services import KeyedHash
from renumber.flows.services import Services
from renumber.policies.sign_in_path import lacks_demanded_factor


@dataclass(frozen=True, slots=True)
class LinkView:
    """The page behind a link; looking never changes anything."""

    refusal: Refusal | None
    number: PhoneNumber | None = None
    account: Account | None = None
    asked_at: datetime | None = None
    asked_in: str = ""
    journey: Journey | None = None


async def look_at_link(services: Services, token: str) -> LinkView:
    """Say what a link would do, for any number of scanners and previews, changing nothing."""
    link = await services.store.find_link(LinkPurpose.PHONE_CHANGE, token)
    found = await services.reads.change(link.account_id, link.subject) if link else None
    if link is None or found is None:
        return LinkView(Refusal.LINK_UNKNOWN)
    change, account = found
    refusal = change.examine_link(link.generation, services.clock.now())
    demanded = services.rules.reenrolment_requires_factor
    if refusal is None and lacks_demanded_factor(account, demanded=demanded):
        refusal = Refusal.NEEDS_ANOTHER_FACTOR
    asking = await _asking(services, change) if refusal is None else None
    asked_in = asking.browser if asking else ""
    return LinkView(
        refusal, change.old_number, account, asked_at=change.requested_at, asked_in=asked_in, journey=change.journey
    )


async def _asking(services: Services, change: PhoneChange) -> Session | None:
    """The session in which the change was asked for, as long as it is kept."""
    found = await services.reads.session(change.account_id, change.proof.session_id) if change.proof else None
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Reset:
    """The number that was reset, whose it was, and the token that marks the browser which may enter the new one.

    `journey` is the one on which the person asked for the change.
    """

    number: PhoneNumber | None
    token: str = field(default="", repr=False)
    email: EmailAddress | None = None
    account_id: str = ""
    journey: Journey | None = None


@behind_link(LinkPurpose.PHONE_CHANGE)
async def press_link(act: LinkAct) -> Step[Reset]:
    """Use the link: the number is reset, every session ends, and both channels are told. It opens no session."""
    change = await act.work.load(PhoneChange, act.link.subject)
    assert change is not None, "a link belongs to a change"
    token, account = act.services.secrets.new_id(), act.account
    reset = Reset(change.old_number, token, account.email, account_id=account.account_id, journey=change.journey)
    refusal = Refusal.NEEDS_ANOTHER_FACTOR if change.state is ChangeState.REQUESTED and lacks_factor(act) else None
    if refusal:
        return act.refuse(refusal, Reset(change.old_number))
    browser_key = act.services.secrets.fingerprints(KeyedHash.RESET, reset.token)[0]
    pressed = change.press(act.link.generation, browser_key, act.now)
    if pressed.refusal:
        act.keep(*((pressed.state,) if pressed.facts else ()))
        return act.refuse(pressed.refusal, Reset(change.old_number), facts=pressed.facts)
    act.carry_out(pressed)
    detached = act.account.detach_number(act.now, act.limits.release_for)
    act.keep(detached.state)
    end_sessions(act)
    return replace(act, number=change.old_number).done(reset, *detached.facts)
