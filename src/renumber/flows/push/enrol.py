"""Enrolling a device: a QR code in a fresh session, and a key that the device proves to hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.link import Link, LinkPurpose, derivation
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device, Scan
from renumber.domain.push.signed_texts import enrolment_text
from renumber.domain.session import Session
from renumber.domain.typed.names import shortened
from renumber.flows.act import Act, LinkAct, SessionAct, behind_link
from renumber.flows.factors.manage import adding, managing, turn_to_tell
from renumber.flows.links import new_link

MOST_DEVICES = 8  # of one account: each is another way in
LONGEST_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Invitation:
    """The content of the QR code, until when it holds, and the device that came with it.

    It `is_taken` once that device was confirmed.
    """

    link_id: str
    token: str = field(repr=False)
    expires_at: datetime
    is_taken: bool = False
    device: Device | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A device that wants to be enrolled; the key both as it was sent and as bytes."""

    public_key: str = field(repr=False)
    point: bytes = field(repr=False)
    name: str = field(repr=False)
    proof: bytes = field(repr=False)


@adding(Factor.PUSH)
async def begin_device(act: SessionAct) -> Step[Invitation | None]:
    """Make a QR code for one device; it is good for as long as this session lasts, and a few minutes at most.

    While a device waits here to be confirmed, the code that it came with stays.
    """
    standing = await _standing(act)
    if standing:
        return act.done(await invitation_of(act, standing))
    refusal = await turn_to_tell(act)
    return act.refuse(refusal) if refusal else new_invitation(act)


async def _standing(act: SessionAct) -> Link | None:
    scans = [device.awaits(act.now) for device in await act.work.load_all(Device)]
    own = [scan.link_id for scan in scans if scan and scan.session_id == act.session.session_id]
    return await act.work.load(Link, own[0]) if own else None


def new_invitation(act: SessionAct) -> Step[Invitation]:
    """Make a code that only this session shows."""
    account_id, until = act.account.account_id, act.now + act.limits.device_link_for
    link, derived = new_link(act.services, account_id, LinkPurpose.DEVICE, subject=act.session.session_id, until=until)
    act.keep(link)
    invitation = Invitation(link.link_id, act.services.secrets.token(derived), until)
    return act.done(invitation, Fact.FACTOR_ENROLMENT_STARTED)


@managing(Factor.PUSH)
async def look_at_invitation(act: SessionAct, link_id: str) -> Step[Invitation | None]:
    """Show the QR code once more to the session that made it, or the device that came with it."""
    link = await act.work.load(Link, link_id)
    if link is None or link.purpose is not LinkPurpose.DEVICE or link.subject != act.session.session_id:
        return act.refuse(Refusal.LINK_UNKNOWN)
    if link.used_at is None and act.now >= link.expires_at:
        return act.refuse(Refusal.LINK_EXPIRED)
    return act.done(await invitation_of(act, link))


async def invitation_of(act: Act, link: Link) -> Invitation:
    """Give what a code holds, and the device that waits because of it."""
    is_taken, waiting = link.used_at is not None, await _waiting_by(act, link)
    return Invitation(link.link_id, _token(act, link), link.expires_at, is_taken=is_taken, device=waiting)


async def _waiting_by(act: Act, link: Link) -> Device | None:
    scanned = [(device, device.awaits(act.now)) for device in await act.work.load_all(Device)]
    return next((device for device, scan in scanned if scan and scan.link_id == link.link_id), None)


def _token(act: Act, link: Link) -> str:
    """The token of a QR code, which is derived and never kept."""
    derived = derivation(LinkPurpose.DEVICE, link.account_id, link.link_id, key_id=link.key_id)
    return act.services.secrets.token(derived)


@behind_link(LinkPurpose.DEVICE)
async def enrol_device(act: LinkAct, candidate: Candidate) -> Step[Device | None]:
    """Take in a device that proves to hold its key; it counts for nothing until the session with the code confirms it.

    Whoever photographs the code may come first.
    """
    session = await act.work.load(Session, act.link.subject)
    refusal = _examine(act, session) or _verify(act, candidate) or too_many(await act.work.load_all(Device))
    if refusal:
        return act.refuse(refusal)
    standing = await _waiting_by(act, act.link)
    if standing:
        return _meet(act, standing, candidate)
    device = _device_of(act, candidate)
    act.keep(device)
    return replace(act, subject=device.device_id).done(device, Fact.DEVICE_SCANNED)


def _device_of(act: LinkAct, candidate: Candidate) -> Device:
    link = act.link
    return Device(
        account_id=act.account.account_id,
        device_id=act.services.secrets.new_id(),
        public_key=candidate.point,
        name=named(candidate.name),
        made_at=act.now,
        scan=Scan(link_id=link.link_id, session_id=link.subject, expires_at=link.expires_at),
    )


def _meet(act: LinkAct, standing: Device, candidate: Candidate) -> Step[Device | None]:
    """Tell a second device that another came before, and whoever shows the code that there are two."""
    if standing.public_key == candidate.point:  # it asks again, since the answer was lost
        return act.done(standing)
    act.keep(standing.contest(act.now))
    return replace(act, subject=standing.device_id).refuse(Refusal.ANOTHER_DEVICE_WAITS)


def _examine(act: LinkAct, session: Session | None) -> Refusal | None:
    """Whatever ends the session ends its QR codes: a new password, a freeze, signing out."""
    if act.account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if act.link.used_at:
        return Refusal.LINK_USED
    is_live = session is not None and session.is_live(act.now, act.limits.idle_for)
    return None if is_live and act.now < act.link.expires_at else Refusal.LINK_EXPIRED


def _verify(act: LinkAct, candidate: Candidate) -> Refusal | None:
    text = enrolment_text(act.services.rules.base_url, _token(act, act.link), candidate.public_key)
    is_held = act.services.signatures.verify(candidate.point, candidate.proof, text)
    return None if is_held else Refusal.DEVICE_KEY_NOT_VALID


def too_many(devices: Sequence[Device]) -> Refusal | None:
    """Judge whether an account with these may have one more."""
    return Refusal.TOO_MANY_DEVICES if sum(device.is_live for device in devices) >= MOST_DEVICES else None


def named(given: str) -> str:
    """A name on one line, not too long; it may be missing."""
    return shortened(given, LONGEST_NAME)
