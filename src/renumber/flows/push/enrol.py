"""Enrolling a device: a QR code in a fresh session, and a key that the device proves to hold."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from renumber.domain.factor import Factor
from renumber.domain.link import Link, LinkPurpose, derivation
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.signed_texts import enrolment_text
from renumber.domain.session import Session
from renumber.flows.act import Act, LinkAct, SessionAct, behind_link, session_act
from renumber.flows.factors.manage import about_factor, adding, bind, managing, turn_to_tell
from renumber.flows.links import new_link

MOST_DEVICES = 8  # of one account: each is another way in
LONGEST_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Invitation:
    """The content of the QR code, until when it holds, and whether a device has already taken it."""

    link_id: str
    token: str = field(repr=False)
    expires_at: datetime
    is_taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A device that wants to be enrolled; the key both as it was sent and as bytes."""

    public_key: str = field(repr=False)
    point: bytes = field(repr=False)
    name: str = field(repr=False)
    proof: bytes = field(repr=False)


@adding(Factor.PUSH)
async def begin_device(act: SessionAct) -> Step[Invitation | None]:
    """Make a QR code for one device; it is good for as long as this session lasts, and a few minutes at most."""
    refusal = await turn_to_tell(act)
    if refusal:
        return act.refuse(refusal)
    account_id, until = act.account.account_id, act.now + act.limits.device_link_for
    link, derived = new_link(act.services, account_id, LinkPurpose.DEVICE, subject=act.session.session_id, until=until)
    act.keep(link)
    invitation = Invitation(link.link_id, act.services.secrets.token(derived), until)
    return act.done(invitation, Fact.FACTOR_ENROLMENT_STARTED)


@managing(Factor.PUSH)
async def look_at_invitation(act: SessionAct, link_id: str) -> Step[Invitation | None]:
    """Show the QR code once more to the session that made it."""
    link = await act.work.load(Link, link_id)
    if link is None or link.purpose is not LinkPurpose.DEVICE or link.subject != act.session.session_id:
        return act.refuse(Refusal.LINK_UNKNOWN)
    if link.used_at is None and act.now >= link.expires_at:
        return act.refuse(Refusal.LINK_EXPIRED)
    return act.done(Invitation(link_id, _token(act, link), link.expires_at, is_taken=link.used_at is not None))


def _token(act: Act, link: Link) -> str:
    """The token of a QR code, which is derived and never kept."""
    derived = derivation(LinkPurpose.DEVICE, link.account_id, link.link_id, key_id=link.key_id)
    return act.services.secrets.token(derived)


@behind_link(LinkPurpose.DEVICE)
async def enrol_device(act: LinkAct, candidate: Candidate) -> Step[Device | None]:
    """Bind a device that proves to hold its key; everybody is told, and other sessions end."""
    session = await act.work.load(Session, act.link.subject)
    if session is None:
        return act.refuse(Refusal.LINK_EXPIRED)
    in_session = replace(session_act(act.work, act.services, act.client, session=session), now=act.now)
    owner = about_factor(in_session, Factor.PUSH)
    refusal = _examine(act, session) or await _judge(act, candidate)
    if refusal:
        return owner.refuse(refusal)
    device = Device(
        account_id=act.account.account_id,
        device_id=act.services.secrets.new_id(),
        public_key=candidate.point,
        name=named(candidate.name),
        made_at=act.now,
    )
    act.keep(act.link.use(act.now), device)
    return owner.done(device, *await bind(owner, Factor.PUSH))


def _examine(act: LinkAct, session: Session) -> Refusal | None:
    """Whatever ends the session ends its QR codes: a new password, a freeze, signing out."""
    if act.account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if act.link.used_at:
        return Refusal.LINK_USED
    is_live = session.is_live(act.now, act.limits.idle_for)
    return None if is_live and act.now < act.link.expires_at else Refusal.LINK_EXPIRED


async def _judge(act: LinkAct, candidate: Candidate) -> Refusal | None:
    text = enrolment_text(act.services.rules.base_url, _token(act, act.link), candidate.public_key)
    if not act.services.signatures.verify(candidate.point, candidate.proof, text):
        return Refusal.DEVICE_KEY_NOT_VALID
    live = [device for device in await act.work.load_all(Device) if device.is_live]
    return Refusal.TOO_MANY_DEVICES if len(live) >= MOST_DEVICES else None


def named(given: str) -> str:
    """A name on one line, not too long; it may be missing."""
    return " ".join("".join(each if each.isprintable() else " " for each in given).split())[:LONGEST_NAME]
