"""The link of a phone change: looking at it changes nothing, pressing its button resets the number."""

from dataclasses import dataclass, field, replace

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.link import Link, LinkPurpose
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.phone_change import OPEN, ChangeState, PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.act import Client, Services
from renumber.flows.consequences import Scene, conclude
from renumber.flows.phone_change.request import _lacks_factor
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import UnitOfWork


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


async def look_at_link(services: Services, token: str) -> LinkView:
    """Say what a link would do, for any number of scanners and previews, changing nothing."""
    link = await services.store.find_link(LinkPurpose.PHONE_CHANGE, token)
    change = await services.store.find_change(link.account_id, link.subject) if link else None
    if link is None or change is None:
        return LinkView(Refusal.LINK_UNKNOWN)
    account = await services.store.find_account(link.account_id)
    refusal = change.examine_link(link.generation, services.clock.now())
    if refusal is None and account and _lacks_factor(services, account):
        refusal = Refusal.NEEDS_ANOTHER_FACTOR
    return LinkView(refusal, change.old_number, account)


async def press_link(services: Services, client: Client, token: str) -> Pressed:
    """Use the link: the number is reset, every session ends, and both channels are told. It opens no session."""
    link = await services.store.find_link(LinkPurpose.PHONE_CHANGE, token)
    if link is None:
        return Pressed(Refusal.LINK_UNKNOWN)
    async with services.store.work(link.account_id) as work:
        change = await work.load(PhoneChange, link.subject)
        assert change is not None, "a link belongs to a change"
        scene = Scene(
            services,
            client,
            work.account,
            services.clock.now(),
            Actor.VISITOR,
            f"link {link.link_id}",
            change.change_id,
        )
        return _press(work, scene, change, link=link)


def _press(work: UnitOfWork, scene: Scene, change: PhoneChange, *, link: Link) -> Pressed:
    if change.state is ChangeState.REQUESTED and _lacks_factor(scene.services, scene.account):
        conclude(work, scene, (), refusal=Refusal.NEEDS_ANOTHER_FACTOR)
        return Pressed(Refusal.NEEDS_ANOTHER_FACTOR, change.old_number)
    reset_token = scene.services.secrets.new_id()
    step = change.press(
        link.generation, scene.services.secrets.fingerprints(KeyedHash.RESET, reset_token)[0], scene.now
    )
    if step.facts or step.refusal is None:
        work.keep(step.state)
    if step.refusal:
        conclude(work, scene, step.facts, refusal=step.refusal)
        return Pressed(step.refusal, change.old_number)
    detached = scene.account.detach_number(scene.now, scene.services.rules.limits.release_for)
    work.keep(detached.state)
    work.end_all(scene.now)
    told = replace(scene.of(detached.state), number=change.old_number)
    conclude(work, told, (*step.facts, *detached.facts))
    return Pressed(None, change.old_number, reset_token)


async def close_if_expired(
    services: Services, client: Client, account_id: str, *, change_id: str
) -> Step[PhoneChange | None]:
    """Close a request whose link ran out; called by the housekeeping."""
    async with services.store.work(account_id) as work:
        change = await work.load(PhoneChange, change_id)
        if change is None or change.state not in OPEN:
            return Step(change, refusal=Refusal.NO_OPEN_CHANGE)
        step = change.expire(services.clock.now())
        if step.refusal is None:
            work.keep(step.state)
            scene = Scene(services, client, work.account, services.clock.now(), Actor.SYSTEM, subject=change_id)
            conclude(work, scene, (Fact.CHANGE_EXPIRED,))
        return Step(step.state, step.facts, step.refusal)
