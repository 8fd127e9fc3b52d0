"""What adding and removing any factor has in common: who may, who is told, and what ends."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from renumber.domain.actor import Actor
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.passkey import Passkey
from renumber.domain.push.device import Device
from renumber.domain.session import Session, Ticket
from renumber.flows.act import Client, Services
from renumber.flows.attempts import about_factor, keep_status, status_of
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota, UnitOfWork
from renumber.flows.sessions import present, scene_of
from renumber.policies.assurance import may_manage_factors, may_remove_factor, may_remove_one, may_replace
from renumber.policies.limits import told_allowances
from renumber.policies.methods import may_add


@dataclass(frozen=True, slots=True)
class Managing:
    """A session that wants to change its account's factors, and why it may not, if it may not."""

    work: UnitOfWork
    session: Session | None
    scene: Scene
    refusal: Refusal | None

    async def told(self) -> Refusal | None:
        """Count an act that every channel is told of, or refuse it: each text costs money."""
        if self.refusal:
            return self.refusal
        secrets, limits = self.scene.services.secrets, self.scene.services.rules.limits
        key = secrets.fingerprints(KeyedHash.ACTS_TOLD, self.scene.account.account_id)[0]
        if await self.work.take([Quota(key, told_allowances(limits))], self.scene.now) is None:
            return None
        conclude(self.work, self.scene, (), refusal=Refusal.SEND_LIMIT_REACHED)
        return Refusal.SEND_LIMIT_REACHED


@asynccontextmanager
async def managing(services: Services, client: Client, ticket: Ticket, *, factor: Factor) -> AsyncIterator[Managing]:
    """Open the account for a session with its second factor and a fresh authentication; the refusal is recorded."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            scene = Scene(services, client, work.account, services.clock.now(), Actor.VISITOR, subject=factor.value)
            yield Managing(work, None, scene, Refusal.SESSION_UNKNOWN)
            return
        scene = about_factor(scene_of(work, services, session, client=client, subject=factor.value), factor)
        fresh_for = services.rules.limits.fresh_for
        refusal = may_manage_factors(work.account, session, scene.now, fresh_for=fresh_for)
        if refusal:
            conclude(work, scene, (), refusal=refusal)
        yield Managing(work, session, scene, refusal)


@asynccontextmanager
async def adding(services: Services, client: Client, ticket: Ticket, *, factor: Factor) -> AsyncIterator[Managing]:
    """The same for a method that is to be added: the operator has to offer it."""
    async with managing(services, client, ticket, factor=factor) as managed:
        refusal = managed.refusal or may_add(factor, methods=services.rules.methods)
        if refusal and managed.refusal is None:
            conclude(managed.work, managed.scene, (), refusal=refusal)
        yield replace(managed, refusal=refusal)


def exchange(managed: Managing, factor: Factor, made_at: datetime | None) -> Refusal | None:
    """Judge whether the one in use, made then, may give its place to another."""
    scene, hold_for = managed.scene, managed.scene.services.rules.limits.hold_for
    refusal = may_replace(scene.account, factor, scene.now, made_at=made_at, hold_for=hold_for)
    if refusal:
        conclude(managed.work, scene, (), refusal=refusal)
    return refusal


async def bind(managed: Managing, factor: Factor) -> None:
    """Bind a factor that was just proven: its count begins anew, other sessions end, and everybody is told."""
    work, scene = managed.work, managed.scene
    tries = await status_of(work, scene, factor)
    keep_status(work, tries.replace_with_proven(scene.now).state)
    step = work.account.add_factor(factor)
    work.keep(step.state)
    end_others(managed)
    conclude(work, scene.of(step.state), step.facts)


def unbind(managed: Managing, factor: Factor) -> Refusal | None:
    """Take a factor away, unless the account has only just changed or would be left without any."""
    work, scene = managed.work, managed.scene
    hold_for = scene.services.rules.limits.hold_for
    refusal = may_remove_factor(work.account, factor, scene.now, hold_for=hold_for)
    if refusal:
        conclude(work, scene, (), refusal=refusal)
        return refusal
    step = work.account.remove_factor(factor)
    work.keep(step.state)
    end_others(managed)
    conclude(work, scene.of(step.state), step.facts)
    return None


def unbind_one(managed: Managing, factor: Factor) -> Refusal | None:
    """Take one of several away, such as one passkey of two: the method itself stays."""
    work, scene = managed.work, managed.scene
    hold_for = scene.services.rules.limits.hold_for
    refusal = may_remove_one(work.account, factor, scene.now, hold_for=hold_for)
    if refusal:
        conclude(work, scene, (), refusal=refusal)
        return refusal
    end_others(managed)
    conclude(work, scene, (Fact.FACTOR_REMOVED,))
    return None


async def unbind_among(
    managed: Managing, factor: Factor, one: Passkey | Device, *, others: Sequence[Passkey | Device]
) -> Refusal | None:
    """Take one away; the method stays if that leaves a trusted one behind, or any where this one was lost too.

    With the last trusted one the method goes, and so do those that were lost.
    """
    tries = await status_of(managed.work, managed.scene, factor)
    stays = any(tries.trusts(other.made_at) or not tries.trusts(one.made_at) for other in others)
    refusal = (unbind_one if stays else unbind)(managed, factor)
    gone = () if refusal else (one,) if stays else (one, *others)
    managed.work.keep(*(each.remove(managed.scene.now) for each in gone))
    return refusal


def end_others(managed: Managing) -> None:
    """Whoever sits in another session may be why the owner does this (ASVS 7.4.3)."""
    assert managed.session is not None, "a factor is managed in a session"
    managed.work.end_all(managed.scene.now, keeping=managed.session.session_id)
