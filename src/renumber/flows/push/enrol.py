"""Enrolling a device: a QR code in a fresh session, and a key that the device proves to hold."""

from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.factor import Factor
from renumber.domain.link import Link, LinkPurpose, derivation
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.signed_texts import enrolment_text
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Client, Services
from renumber.flows.attempts import about_factor
from renumber.flows.consequences import Scene, conclude
from renumber.flows.factors.manage import Managing, adding, bind, managing
from renumber.flows.links import new_link
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sessions import scene_of

MOST_DEVICES = 8  # of one account: each is another way in
LONGEST_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the QR code says, until when, and whether a device has already taken it."""

    link_id: str
    token: str = field(repr=False)
    expires_at: datetime
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that wants to be enrolled; the key both as it was sent and as bytes."""

    token: str = field(repr=False)
    public_key: str = field(repr=False)
    point: bytes = field(repr=False)
    name: str = field(repr=False)
    proof: bytes = field(repr=False)


async def begin_device(services: Services, client: Client, ticket: Ticket) -> Step[Invitation | None]:
    """Make a QR code for one device; it is good for as long as this session lasts, and a few minutes at most."""
    async with adding(services, client, ticket, factor=Factor.PUSH) as managed:
        refusal = await managed.told()
        if refusal:
            return Step(None, refusal=refusal)
        scene, until = managed.scene, managed.scene.now + services.rules.limits.device_link_for
        link, derived = new_link(services, ticket.account_id, LinkPurpose.DEVICE, subject=ticket.id, until=until)
        managed.work.keep(link)
        conclude(managed.work, scene, (Fact.FACTOR_ENROLMENT_STARTED,))
        return Step(Invitation(link.link_id, services.secrets.token(derived), until))


async def look_at_invitation(
    services: Services, client: Client, ticket: Ticket, *, link_id: str
) -> Step[Invitation | None]:
    """Show the QR code once more to the session that made it."""
    async with managing(services, client, ticket, factor=Factor.PUSH) as managed:
        link = None if managed.refusal else await managed.work.load(Link, link_id)
        if link is None or link.purpose is not LinkPurpose.DEVICE or link.subject != ticket.id:
            return Step(None, refusal=managed.refusal or Refusal.LINK_UNKNOWN)
        token = services.secrets.token(derivation(LinkPurpose.DEVICE, link.account_id, link_id, key_id=link.key_id))
        if link.used_at is None and managed.scene.now >= link.expires_at:
            return Step(None, refusal=Refusal.LINK_EXPIRED)
        return Step(Invitation(link_id, token, link.expires_at, is_taken=link.used_at is not None))


async def enrol_device(services: Services, client: Client, candidate: Candidate) -> Step[Device | None]:
    """Bind a device that proves to hold its key; everybody is told, and other sessions end."""
    link = await services.store.find_link(LinkPurpose.DEVICE, candidate.token)
    if link is None:
        return Step(None, refusal=Refusal.LINK_UNKNOWN)
    async with services.store.work(link.account_id) as work:
        current = await work.load(Link, link.link_id) or link
        session = await work.load(Session, link.subject)
        if session is None:
            return Step(None, refusal=Refusal.LINK_EXPIRED)
        scene = about_factor(scene_of(work, services, session, client=client, subject=Factor.PUSH.value), Factor.PUSH)
        refusal = _examine(scene, current, session) or await _judge(work, scene, candidate)
        if refusal:
            conclude(work, scene, (), refusal=refusal)
            return Step(None, refusal=refusal)
        work.keep(current.use(scene.now))
        return Step(await _bind(Managing(work, session, scene, None), candidate))


def _examine(scene: Scene, link: Link, session: Session) -> Refusal | None:
    """Whatever ends the session ends its QR codes: a new password, a freeze, signing out."""
    if scene.account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if link.used_at:
        return Refusal.LINK_USED
    is_live = session.is_live(scene.now, scene.services.rules.limits.idle_for)
    return None if is_live and scene.now < link.expires_at else Refusal.LINK_EXPIRED


async def _judge(work: UnitOfWork, scene: Scene, candidate: Candidate) -> Refusal | None:
    text = enrolment_text(scene.services.rules.base_url, candidate.token, candidate.public_key)
    if not scene.services.signatures.verify(candidate.point, candidate.proof, text):
        return Refusal.DEVICE_KEY_NOT_VALID
    live = [device for device in await work.load_all(Device) if device.is_live]
    return Refusal.TOO_MANY_DEVICES if len(live) >= MOST_DEVICES else None


async def _bind(managed: Managing, candidate: Candidate) -> Device:
    scene = managed.scene
    name = named(candidate.name)
    device = Device(scene.account.account_id, scene.services.secrets.new_id(), candidate.point, name, scene.now)
    managed.work.keep(device)
    await bind(managed, Factor.PUSH)
    return device


def named(given: str) -> str:
    """A name on one line, not too long; it may be missing."""
    return " ".join("".join(each if each.isprintable() else " " for each in given).split())[:LONGEST_NAME]
