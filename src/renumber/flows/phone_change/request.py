"""Asking for a change of the number, and using its link."""

from dataclasses import replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.message import Derived
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange, request
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Client, Services
from renumber.flows.consequences import Scene, conclude
from renumber.flows.links import new_link
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota, UnitOfWork
from renumber.flows.sessions import present, scene_of
from renumber.policies.assurance import may_change_number
from renumber.policies.limits import ip_allowances, send_allowances
from renumber.policies.sign_in_path import lacks_demanded_factor


async def request_change(services: Services, client: Client, ticket: Ticket) -> Step[PhoneChange | None]:
    """Send a link to the account's address; the current number stays in use until that link is used."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return Step(None, refusal=Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, services, session, client=client)
        refusal = _may_request(services, work.account, session, now=scene.now)
        open_change = await _open_change(work, scene)
        refusal = refusal or (Refusal.CHANGE_ALREADY_OPEN if open_change else None)
        if refusal or work.account.number is None:
            conclude(work, scene, (), refusal=refusal)
            return Step(open_change, refusal=refusal)
        open_at = await _take_mail(work, scene)
        if open_at:
            return Step(None, refusal=Refusal.SEND_LIMIT_REACHED, open_at=open_at)
        step = _request(scene, work.account.number, session)
        _send_link(work, scene, step)
        return step


async def _take_mail(work: UnitOfWork, scene: Scene) -> datetime | None:
    """Count one mail with a link, or say when it will be allowed: cancelling and asking anew is no way round."""
    limits, secrets = scene.services.rules.limits, scene.services.secrets
    account = Quota(
        secrets.fingerprints(KeyedHash.SENDS_OF_CHANGE, scene.account.account_id)[0], send_allowances(limits)
    )
    place = Quota(secrets.fingerprints(KeyedHash.SENDS_TO_IP, scene.client.place)[0], ip_allowances(limits))
    open_at = await work.take([account, place], scene.now)
    if open_at:
        conclude(work, scene, (), refusal=Refusal.SEND_LIMIT_REACHED)
    return open_at


def _may_request(services: Services, account: Account, session: Session, *, now: datetime) -> Refusal | None:
    refusal = may_change_number(account, session, now, fresh_for=services.rules.limits.fresh_for)
    return refusal or (Refusal.NEEDS_ANOTHER_FACTOR if _lacks_factor(services, account) else None)


def _lacks_factor(services: Services, account: Account) -> bool:
    return lacks_demanded_factor(account, demanded=services.rules.reenrolment_requires_factor)


async def _open_change(work: UnitOfWork, scene: Scene) -> PhoneChange | None:
    """The open change, closing one whose link has run out on the way."""
    change = await work.open_change()
    if change is None or not change.link_is_expired(scene.now) or change.awaits_number:
        return change
    step = change.expire(scene.now)
    work.keep(step.state)
    conclude(work, replace(scene, subject=change.change_id), step.facts)
    return None


def _request(scene: Scene, number: PhoneNumber, session: Session) -> Step[PhoneChange]:
    change_id, link_for = scene.services.secrets.new_id(), scene.services.rules.limits.link_for
    return request(scene.account.account_id, change_id, number, proof=session.proof, now=scene.now, link_for=link_for)


def _send_link(work: UnitOfWork, scene: Scene, step: Step[PhoneChange]) -> None:
    change = step.state
    assert change.link_expires_at is not None, "an open request has a link"
    link, derived = _link(scene, change, change.link_expires_at)
    work.keep(change, link)
    told = replace(scene, subject=change.change_id, action=derived, action_until=change.link_expires_at)
    conclude(work, replace(told, extra={"expires_at": change.link_expires_at.isoformat()}), step.facts)


def _link(scene: Scene, change: PhoneChange, until: datetime) -> tuple[Link, Derived]:
    generation = change.link_generation
    return new_link(
        scene.services,
        change.account_id,
        LinkPurpose.PHONE_CHANGE,
        subject=change.change_id,
        until=until,
        generation=generation,
    )


async def send_link_again(services: Services, client: Client, ticket: Ticket) -> Step[PhoneChange | None]:
    """Send a newer link, not too soon; the older one ends with it."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return Step(None, refusal=Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, services, session, client=client)
        change = await _open_change(work, scene)
        refusal = _may_request(services, work.account, session, now=scene.now)
        if refusal or change is None:
            conclude(work, scene, (), refusal=refusal or Refusal.NO_OPEN_CHANGE)
            return Step(change, refusal=refusal or Refusal.NO_OPEN_CHANGE)
        return await _replace_link(work, scene, change)


async def _replace_link(work: UnitOfWork, scene: Scene, change: PhoneChange) -> Step[PhoneChange | None]:
    limits = scene.services.rules.limits
    step = change.replace_link(scene.now, link_for=limits.link_for, resend_after=limits.link_resend_after)
    open_at = None if step.refusal else await _take_mail(work, scene)
    if open_at:
        return Step(change, refusal=Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    if step.refusal:
        conclude(work, replace(scene, subject=change.change_id), (), refusal=step.refusal)
    else:
        _send_link(work, scene, step)
    return Step(step.state, step.facts, step.refusal, open_at=step.open_at)


async def cancel_change(services: Services, client: Client, ticket: Ticket) -> Step[PhoneChange | None]:
    """Take the request back while the number is still bound; it only makes things safer, so it asks no more proof."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        change = await work.open_change()
        if session is None:
            return Step(None, refusal=Refusal.SESSION_UNKNOWN)
        if change is None:
            conclude(work, scene_of(work, services, session, client=client), (), refusal=Refusal.NO_OPEN_CHANGE)
            return Step(None, refusal=Refusal.NO_OPEN_CHANGE)
        step = change.cancel(services.clock.now())
        if step.refusal is None:
            work.keep(step.state)
        conclude(
            work,
            scene_of(work, services, session, client=client, subject=change.change_id),
            step.facts,
            refusal=step.refusal,
        )
        return Step(step.state, step.facts, step.refusal)
