"""A lost device: suspended at once on the word of whoever knows the password, and opened again on another proof."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Ticket
from renumber.flows.act import Client, Services
from renumber.flows.attempts import about_factor, keep_status, status_of
from renumber.flows.consequences import Scene, conclude
from renumber.flows.factors.manage import end_others, managing
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sessions import present, scene_of
from renumber.flows.sign_in.in_progress import SignInResult, refuse_stale, resume
from renumber.flows.sign_in.method import ask
from renumber.policies.assurance import may_report_lost, may_restore_lost
from renumber.policies.methods import first_method


async def report_at_sign_in(services: Services, client: Client, ticket: Ticket, *, factor: Factor) -> SignInResult:
    """Suspend a factor after the password, and go on with another one."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.may_choose:
            return refuse_stale(work, services, client, in_progress=in_progress)
        refusal = await _report(work, in_progress.scene, factor, keeping=ticket.id)
        if refusal or not in_progress.sign_in.awaits(factor):
            return in_progress.result(refusal)
        chosen = in_progress.sign_in.choose(first_method(work.account, services.rules.methods))
        work.keep(chosen.state)
        conclude(work, in_progress.scene, chosen.facts)
        return await ask(work, replace(in_progress, sign_in=chosen.state, scene=in_progress.scene.of(work.account)))


async def _report(work: UnitOfWork, scene: Scene, factor: Factor, *, keeping: str) -> Refusal | None:
    """Whoever has found it may sit in a session already: all others end, and every channel is told."""
    about = about_factor(scene, factor)
    refusal = may_report_lost(work.account, factor, methods=scene.services.rules.methods)
    step = (await status_of(work, scene, factor)).report_lost(scene.now)
    refusal = refusal or step.refusal
    if refusal is None:
        keep_status(work, step.state)
        work.end_all(scene.now, keeping=keeping)
    conclude(work, about.of(work.account), () if refusal else step.facts, refusal=refusal)
    return refusal


async def report_in_session(services: Services, client: Client, ticket: Ticket, *, factor: Factor) -> Refusal | None:
    """Suspend a factor from the profile; it only makes things safer, so it asks no fresh authentication."""
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return Refusal.SESSION_UNKNOWN
        scene = scene_of(work, services, session, client=client, subject=factor.value)
        return await _report(work, scene, factor, keeping=session.session_id)


async def restore_lost(services: Services, client: Client, ticket: Ticket, *, factor: Factor) -> Refusal | None:
    """Trust again what was lost and found, in a fresh session that another factor has proven."""
    async with managing(services, client, ticket, factor=factor) as managed:
        if managed.refusal or managed.session is None:
            return managed.refusal
        work, scene, fresh_for = managed.work, managed.scene, services.rules.limits.fresh_for
        judged = may_restore_lost(work.account, managed.session, scene.now, factor=factor, fresh_for=fresh_for)
        step = (await status_of(work, scene, factor)).restore_lost()
        refusal = judged or step.refusal
        if refusal:
            conclude(work, scene, (), refusal=refusal)
        refusal = refusal or await managed.told()
        if refusal:
            return refusal
        keep_status(work, step.state)
        end_others(managed)
        conclude(work, scene.of(work.account), step.facts)
        return None
