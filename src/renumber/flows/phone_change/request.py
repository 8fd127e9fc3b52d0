"""Asking for a change of the number: the request, its link again, and taking it back."""

from dataclasses import replace
from datetime import datetime

from renumber.domain.actor import Actor
from renumber.domain.applications.journey import Journey
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Derived
from renumber.domain.organisations.membership import organisation_of
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange, ask_company, request
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.account.mailed_password import bar_of_doubt
from renumber.flows.act import Act, SessionAct, in_session
from renumber.flows.links import mailbox_of, new_link
from renumber.flows.organisations.asking import ask_about_change
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.services import Client, Services
from renumber.flows.session_holder import Holder
from renumber.policies.assurance import may_change_number
from renumber.policies.limits import ip_allowances, send_allowances
from renumber.policies.organisations.answering import wait_of_change
from renumber.policies.sign_in_path import lacks_demanded_factor


async def request_change(
    services: Services, client: Client, holder: Holder, *, journey: Journey | None = None
) -> Step[PhoneChange | None]:
    """Ask for a change: a link is sent, or the company is asked first; the number stays until the link is used.

    The change remembers the journey on which the person came.
    """
    step = await _request_change(services, client, holder, journey)
    if step.refusal is None:
        await ask_about_change(services, step.state)
    return step


@in_session
async def _request_change(act: SessionAct, journey: Journey | None) -> Step[PhoneChange | None]:
    refusal = await _may_request(act)
    if refusal:
        return act.refuse(refusal)
    if standing := await standing_change(act):
        return act.refuse(Refusal.CHANGE_ALREADY_OPEN, standing)
    open_at = await _take_mail(act)
    if open_at:
        return act.refuse(Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    assert act.account.number is not None, "only a bound number can be changed"
    step = _request(act, act.account.number)
    asked = replace(step.state, journey=journey, organisation_id=organisation_of(act.account.membership))
    return await _begin_wait(act, asked) or send_change_link(act, replace(step, state=asked))


async def _begin_wait(act: SessionAct, asked: PhoneChange) -> Step[PhoneChange] | None:
    """Let the change wait for the person's company, if that demands it; no link is sent before."""
    if asked.organisation_id is None:
        return None
    organisation, administrators = await act.work.organisation(), await act.work.administrators()
    of, limits = act.account.account_id, act.limits
    wait = wait_of_change(organisation, administrators, of=of, now=act.now, limits=limits)
    if wait is None:
        return None
    waits = {"wait_until": wait.until.isoformat(), "goes_on": "yes" if wait.goes_on else ""}
    return replace(act, subject=asked.change_id, extra=waits).carry_out(ask_company(asked, wait))


async def _may_request(act: SessionAct) -> Refusal | None:
    refusal = may_change_number(act.account, act.session, act.now, fresh_for=act.limits.fresh_for)
    lacking = Refusal.NEEDS_ANOTHER_FACTOR if lacks_factor(act) else None
    return refusal or lacking or await bar_of_doubt(act)


def lacks_factor(act: Act) -> bool:
    """Tell whether the operator demands another factor before the new number, and the account has none."""
    return lacks_demanded_factor(act.account, demanded=act.services.rules.reenrolment_requires_factor)


async def standing_change(act: Act) -> PhoneChange | None:
    """The open change, closing one whose link has run out on the way."""
    change = await act.work.open_change()
    if change is None or not change.is_over(act.now):
        return change
    replace(act, subject=change.change_id).carry_out(change.expire(act.now))
    return None


async def _take_mail(act: Act) -> datetime | None:
    """Count one mail with a link, or say when it will be allowed: cancelling and asking anew is no way round.

    Where a call centre sits isn't counted: its agents share an address.
    """
    hashed = act.services.secrets.fingerprints
    account = Quota(hashed(KeyedHash.SENDS_OF_CHANGE, act.account.account_id), send_allowances(act.limits))
    place = Quota(hashed(KeyedHash.SENDS_TO_IP, act.client.place), ip_allowances(act.limits))
    return await act.work.take([account] if act.actor is Actor.AGENT else [account, place], act.now)


def _request(act: SessionAct, number: PhoneNumber) -> Step[PhoneChange]:
    return request(
        act.account.account_id,
        act.services.secrets.new_id(),
        number,
        asking=act.session,
        now=act.now,
        link_for=act.limits.link_for,
    )


def send_change_link(act: Act, step: Step[PhoneChange]) -> Step[PhoneChange]:
    """Do what a verb of the change has decided, and send the link that it has now."""
    change = step.state
    assert change.link_expires_at is not None, "an open request has a link"
    link, derived = _link(act, change, change.link_expires_at)
    act.keep(link)
    mail = replace(act, subject=change.change_id, action=derived, action_until=change.link_expires_at)
    certain = "yes" if change.proof and change.proof.factor else ""  # a password alone doesn't say who it is
    extra = {**act.extra, "expires_at": change.link_expires_at.isoformat(), "certain": certain}
    return replace(mail, extra=extra).carry_out(step)


def _link(act: Act, change: PhoneChange, until: datetime) -> tuple[Link, Derived]:
    return new_link(
        act.services,
        change.account_id,
        LinkPurpose.PHONE_CHANGE,
        subject=change.change_id,
        until=until,
        generation=change.link_generation,
        to=mailbox_of(act.account),
    )


@in_session
async def send_link_again(act: SessionAct) -> Step[PhoneChange | None]:
    """Send a newer link, not too soon; the older one ends with it."""
    change = await standing_change(act)
    refusal = await _may_request(act)
    if refusal or change is None:
        return act.refuse(refusal or Refusal.NO_OPEN_CHANGE, change)
    return await send_newer_link(act, change)


async def send_newer_link(act: Act, change: PhoneChange) -> Step[PhoneChange | None]:
    """Replace the link with a newer one, not too soon and not too often, for whoever may have it sent."""
    step = change.replace_link(act.now, link_for=act.limits.link_for, resend_after=act.limits.link_resend_after)
    about = replace(act, subject=change.change_id)
    if step.refusal:
        return about.refuse(step.refusal, change, open_at=step.open_at)
    open_at = await _take_mail(act)
    if open_at:
        return about.refuse(Refusal.SEND_LIMIT_REACHED, change, open_at=open_at)
    return send_change_link(act, step)


@in_session
async def cancel_change(act: SessionAct) -> Step[PhoneChange | None]:
    """Take the request back while the number is still bound; it only makes things safer, so it asks no more proof."""
    change = await act.work.open_change()
    if change is None:
        return act.refuse(Refusal.NO_OPEN_CHANGE)
    return replace(act, subject=change.change_id).carry_out(change.cancel(act.now))


def resend_link_at(services: Services, change: PhoneChange) -> datetime | None:
    """The time from which the mail with the link may be sent again."""
    return change.link_sent_at + services.rules.limits.link_resend_after if change.link_sent_at else None
