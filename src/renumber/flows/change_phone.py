"""Asking for a change of the number, and using its link."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.link import Link, Purpose
from renumber.domain.message import Derived
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.phone_change import OPEN, PhoneChange, State, request
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session, Ticket
from renumber.flows.consequences import VISITOR, Scene, conclude, new_link
from renumber.flows.house import House, Origin
from renumber.flows.ports import OPEN_CHANGE, Quota, UnitOfWork
from renumber.flows.sessions import present, scene_of
from renumber.policies import assurance
from renumber.policies.limits import ip_allowances, send_allowances


@dataclass(frozen=True, slots=True)
class LinkView:
    """What the page behind a link shows; looking never changes anything."""

    refusal: Refusal | None
    number: PhoneNumber | None = None
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """What pressing the button did. `reset_token` marks the browser that may enter the new number."""

    refusal: Refusal | None
    number: PhoneNumber | None = None
    reset_token: str = field(default="", repr=False)


async def request_change(house: House, ticket: Ticket, origin: Origin) -> Step[PhoneChange | None]:
    """Send a link to the account's address; the current number stays in use until that link is used."""
    async with house.store.work(ticket.account_id) as work:
        session = await present(work, house, ticket)
        if session is None:
            return Step(None, refusal=Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, house, session, origin=origin)
        refusal = _may_request(house, work.account, session, now=scene.now)
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
    limits, secrets = scene.house.rules.limits, scene.house.secrets
    account = Quota(secrets.fingerprints("sends.change", scene.account.account_id)[0], send_allowances(limits))
    place = Quota(secrets.fingerprints("sends.ip", scene.origin.place)[0], ip_allowances(limits))
    open_at = await work.take([account, place], scene.now)
    if open_at:
        conclude(work, scene, (), refusal=Refusal.SEND_LIMIT_REACHED)
    return open_at


def _may_request(house: House, account: Account, session: Session, *, now: datetime) -> Refusal | None:
    refusal = assurance.may_change_number(account, session, now, fresh_for=house.rules.limits.fresh_for)
    return refusal or (Refusal.NEEDS_ANOTHER_FACTOR if _lacks_factor(house, account) else None)


def _lacks_factor(house: House, account: Account) -> bool:
    return assurance.lacks_demanded_factor(account, demanded=house.rules.reenrolment_requires_factor)


async def _open_change(work: UnitOfWork, scene: Scene) -> PhoneChange | None:
    """The open change, closing one whose link has run out on the way."""
    change = await work.load(PhoneChange, OPEN_CHANGE)
    if change is None or not change.link_is_expired(scene.now) or change.awaits_number:
        return change
    step = change.expire(scene.now)
    work.keep(step.state)
    conclude(work, replace(scene, subject=change.change_id), step.facts)
    return None


def _request(scene: Scene, number: PhoneNumber, session: Session) -> Step[PhoneChange]:
    change_id, link_for = scene.house.secrets.new_id(), scene.house.rules.limits.link_for
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
        scene.house,
        change.account_id,
        Purpose.PHONE_CHANGE,
        subject=change.change_id,
        until=until,
        generation=generation,
    )


async def send_link_again(house: House, ticket: Ticket, origin: Origin) -> Step[PhoneChange | None]:
    """Send a newer link, not too soon; the older one ends with it."""
    async with house.store.work(ticket.account_id) as work:
        session = await present(work, house, ticket)
        if session is None:
            return Step(None, refusal=Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, house, session, origin=origin)
        change = await _open_change(work, scene)
        refusal = _may_request(house, work.account, session, now=scene.now)
        if refusal or change is None:
            conclude(work, scene, (), refusal=refusal or Refusal.NO_OPEN_CHANGE)
            return Step(change, refusal=refusal or Refusal.NO_OPEN_CHANGE)
        return await _replace_link(work, scene, change)


async def _replace_link(work: UnitOfWork, scene: Scene, change: PhoneChange) -> Step[PhoneChange | None]:
    limits = scene.house.rules.limits
    step = change.replace_link(scene.now, link_for=limits.link_for, resend_after=limits.link_resend_after)
    open_at = None if step.refusal else await _take_mail(work, scene)
    if open_at:
        return Step(change, refusal=Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    if step.refusal:
        conclude(work, replace(scene, subject=change.change_id), (), refusal=step.refusal)
    else:
        _send_link(work, scene, step)
    return Step(step.state, step.facts, step.refusal, open_at=step.open_at)


async def cancel_change(house: House, ticket: Ticket, origin: Origin) -> Step[PhoneChange | None]:
    """Take the request back while the number is still bound; it only makes things safer, so it asks no more proof."""
    async with house.store.work(ticket.account_id) as work:
        session = await present(work, house, ticket)
        change = await work.load(PhoneChange, OPEN_CHANGE)
        if session is None:
            return Step(None, refusal=Refusal.SESSION_UNKNOWN)
        if change is None:
            conclude(work, scene_of(work, house, session, origin=origin), (), refusal=Refusal.NO_OPEN_CHANGE)
            return Step(None, refusal=Refusal.NO_OPEN_CHANGE)
        step = change.cancel(house.clock.now())
        if step.refusal is None:
            work.keep(step.state)
        conclude(
            work,
            scene_of(work, house, session, origin=origin, subject=change.change_id),
            step.facts,
            refusal=step.refusal,
        )
        return Step(step.state, step.facts, step.refusal)


async def look_at_link(house: House, token: str) -> LinkView:
    """Say what a link would do, for any number of scanners and previews, changing nothing."""
    link = await house.store.find_link(Purpose.PHONE_CHANGE, token)
    change = await house.store.find_change(link.account_id, link.subject) if link else None
    if link is None or change is None:
        return LinkView(Refusal.LINK_UNKNOWN)
    account = await house.store.find_account(link.account_id)
    refusal = change.examine_link(link.generation, house.clock.now())
    if refusal is None and account and _lacks_factor(house, account):
        refusal = Refusal.NEEDS_ANOTHER_FACTOR
    return LinkView(refusal, change.old_number, account)


async def press_link(house: House, token: str, origin: Origin) -> Pressed:
    """Use the link: the number is reset, every session ends, and both channels are told. It opens no session."""
    link = await house.store.find_link(Purpose.PHONE_CHANGE, token)
    if link is None:
        return Pressed(Refusal.LINK_UNKNOWN)
    async with house.store.work(link.account_id) as work:
        change = await work.load(PhoneChange, link.subject)
        assert change is not None, "a link belongs to a change"
        scene = Scene(house, origin, work.account, house.clock.now(), VISITOR, f"link {link.link_id}", change.change_id)
        return _press(work, scene, change, link=link)


def _press(work: UnitOfWork, scene: Scene, change: PhoneChange, *, link: Link) -> Pressed:
    if change.state is State.REQUESTED and _lacks_factor(scene.house, scene.account):
        conclude(work, scene, (), refusal=Refusal.NEEDS_ANOTHER_FACTOR)
        return Pressed(Refusal.NEEDS_ANOTHER_FACTOR, change.old_number)
    reset_token = scene.house.secrets.new_id()
    step = change.press(link.generation, scene.house.secrets.fingerprints("reset", reset_token)[0], scene.now)
    if step.facts or step.refusal is None:
        work.keep(step.state)
    if step.refusal:
        conclude(work, scene, step.facts, refusal=step.refusal)
        return Pressed(step.refusal, change.old_number)
    detached = scene.account.detach_number(scene.now, scene.house.rules.limits.release_for)
    work.keep(detached.state)
    work.end_all(scene.now)
    told = replace(scene.of(detached.state), number=change.old_number)
    conclude(work, told, (*step.facts, *detached.facts))
    return Pressed(None, change.old_number, reset_token)


async def close_if_expired(
    house: House, account_id: str, change_id: str, *, origin: Origin
) -> Step[PhoneChange | None]:
    """Close a request whose link ran out; called by the housekeeping."""
    async with house.store.work(account_id) as work:
        change = await work.load(PhoneChange, change_id)
        if change is None or change.state not in OPEN:
            return Step(change, refusal=Refusal.NO_OPEN_CHANGE)
        step = change.expire(house.clock.now())
        if step.refusal is None:
            work.keep(step.state)
            scene = Scene(house, origin, work.account, house.clock.now(), "system", subject=change_id)
            conclude(work, scene, (Fact.CHANGE_EXPIRED,))
        return Step(step.state, step.facts, step.refusal)
