"""Proving a passkey: after the password, instead of it, and before a sensitive act."""

from dataclasses import replace

from renumber.domain.account import NOBODY
from renumber.domain.actor import Actor
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.passkey import CeremonyPurpose, Passkey, live
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.act import Client, Services
from renumber.flows.attempts import count, keep_status, status_of
from renumber.flows.consequences import Scene, conclude
from renumber.flows.passkeys.challenge import Ceremony, issue, spend
from renumber.flows.ports.reads import Reads
from renumber.flows.ports.services import Answer
from renumber.flows.ports.store import Bucket, Quota, UnitOfWork
from renumber.flows.sessions import new_token, present, scene_of
from renumber.flows.sign_in.begin import ip_key, new_sign_in
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, refuse_stale, resume
from renumber.flows.sign_in.prove import admit
from renumber.flows.views import Progress, Visit
from renumber.policies.methods import methods_of

ALONE = Ceremony(CeremonyPurpose.SIGN_IN)


async def options_to_confirm(services: Services, client: Client, reads: Reads, *, progress: Progress) -> str:
    """Ask for one of the account's passkeys, after its password."""
    ceremony = _confirming(progress.sign_in.sign_in_id)
    return await _options(services, client, reads, account_id=progress.account.account_id, ceremony=ceremony)


def _confirming(sign_in_id: str) -> Ceremony:
    return Ceremony(CeremonyPurpose.CONFIRM, sign_in_id)


async def _options(services: Services, client: Client, reads: Reads, *, account_id: str, ceremony: Ceremony) -> str:
    known = await reads.passkeys(account_id)
    return services.ceremonies.request_options(known, ceremony.purpose, issue(services, client, ceremony))


async def options_to_reauthenticate(services: Services, client: Client, reads: Reads, *, visit: Visit) -> str:
    """Ask for one of the account's passkeys, in its session."""
    ceremony = _renewing(visit.session.session_id)
    return await _options(services, client, reads, account_id=visit.account.account_id, ceremony=ceremony)


def _renewing(session_id: str) -> Ceremony:
    return Ceremony(CeremonyPurpose.REAUTHENTICATE, session_id)


def options_to_sign_in(services: Services, client: Client) -> str:
    """Ask for any passkey that an authenticator has for us: who it is, is not known yet."""
    return services.ceremonies.request_options((), ALONE.purpose, issue(services, client, ALONE))


async def prove_passkey(services: Services, client: Client, ticket: Ticket, *, text: str) -> SignInResult:
    """Finish the sign-in with a passkey of the account, after the password."""
    answer = services.ceremonies.read(text)
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.awaits(Factor.PASSKEY):
            return refuse_stale(work, services, client, in_progress=in_progress)
        if await _is_suspended(work, in_progress.scene):
            return _passage(work, in_progress, Refusal.FACTOR_SUSPENDED)
        step = await _shown(work, in_progress.scene, _confirming(ticket.id), answer=answer)
        return await _count(work, in_progress, step)


async def _is_suspended(work: UnitOfWork, scene: Scene) -> bool:
    return (await status_of(work, scene, Factor.PASSKEY)).suspended_at is not None


def _passage(work: UnitOfWork, in_progress: SignInInProgress, refusal: Refusal) -> SignInResult:
    conclude(work, in_progress.scene, (), refusal=refusal)
    return in_progress.result(refusal)


async def _shown(work: UnitOfWork, scene: Scene, ceremony: Ceremony, *, answer: Answer | None) -> Step[Passkey | None]:
    """Verify an answer, by whichever way it came; what it says is kept, and what is odd about it is told."""
    if answer is None:
        return Step(None, refusal=Refusal.WRONG_PASSKEY)
    refusal = await spend(work, scene, ceremony, challenge=answer.challenge)
    passkey = None if refusal else await _named(work, ceremony, answer)
    shown = scene.services.ceremonies.verify_assertion(answer, passkey) if passkey else None
    if passkey is None or shown is None:
        return Step(None, refusal=refusal or Refusal.WRONG_PASSKEY)
    if not (await status_of(work, scene, Factor.PASSKEY)).trusts(passkey.made_at):
        return Step(None, refusal=Refusal.REPORTED_LOST)
    step = passkey.use(shown, ceremony.purpose, scene.now)
    if step.refusal is None:
        work.keep(step.state)
    conclude(work, scene, step.facts)
    return Step(step.state, step.facts, step.refusal)


async def _named(work: UnitOfWork, ceremony: Ceremony, answer: Answer) -> Passkey | None:
    """The passkey that an answer speaks of, if it is this account's (WebAuthn section 7.2, step 6)."""
    speaks_of = (work.account.account_id, "") if ceremony.about else (work.account.account_id,)
    if answer.user_handle not in speaks_of:
        return None
    passkeys = live(await work.load_all(Passkey))
    return next((passkey for passkey in passkeys if passkey.credential_id == answer.credential_id), None)


async def _count(work: UnitOfWork, in_progress: SignInInProgress, step: Step[Passkey | None]) -> SignInResult:
    """An answer that came too late is no wrong one, and neither is that of a passkey which was reported lost."""
    if step.refusal in (Refusal.PASSKEY_TOO_LATE, Refusal.REPORTED_LOST):
        return _passage(work, in_progress, step.refusal)
    counted = await count(work, in_progress.scene, Factor.PASSKEY, refusal=step.refusal)
    if counted.refusal:
        return replace(in_progress.result(counted.refusal), tries_left=counted.tries_left)
    return await admit(
        work, in_progress, in_progress.sign_in.complete_with_factor(Factor.PASSKEY), factor=Factor.PASSKEY
    )


async def sign_in_with_passkey(services: Services, client: Client, text: str) -> SignInResult:
    """Sign in with nothing but a passkey, whose authenticator has verified the person.

    Every passkey that isn't one of ours gets the same answer, and wrong ones count for the IP address alone: nobody can
    guess a signature, but whoever saw the id of a credential could otherwise suspend it for its owner.
    """
    here = Bucket(ip_key(services, client), services.rules.limits.free_ip_failures, counted_ahead=False)
    open_at = await services.throttle.reserve([here], services.clock.now())
    if open_at:
        return SignInResult(Refusal.TOO_MANY_SIGN_INS, open_at=open_at)
    answer = services.ceremonies.read(text)
    owner = await services.passkey_owners.owner_of(answer.credential_id, client.browser_id) if answer else None
    async with services.store.work(owner.account_id if owner else NOBODY) as work:
        known = owner is not None and owner.knows_browser
        scene = Scene(
            services, client, work.account, services.clock.now(), Actor.VISITOR, "passkey", from_known_browser=known
        )
        step = await _shown(work, scene, ALONE, answer=answer if owner else None)
        refusal = step.refusal or await _bars(work, scene)
        if refusal:
            return await _refuse(work, scene, refusal)
        return await _open(work, replace(scene, actor=Actor.OWNER, evidence="verified"))


async def _bars(work: UnitOfWork, scene: Scene) -> Refusal | None:
    """What keeps out even the right passkey; a frozen account is released by password and codes alone."""
    if work.account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if Factor.PASSKEY not in methods_of(work.account, scene.services.rules.methods):
        return Refusal.METHOD_NOT_OFFERED
    return Refusal.FACTOR_SUSPENDED if await _is_suspended(work, scene) else None


async def _refuse(work: UnitOfWork, scene: Scene, refusal: Refusal) -> SignInResult:
    if refusal is Refusal.WRONG_PASSKEY:
        await work.take([Quota(ip_key(scene.services, scene.client), ())], scene.now)
    conclude(work, scene, (), refusal=refusal)
    return SignInResult(refusal)


async def _open(work: UnitOfWork, scene: Scene) -> SignInResult:
    tries = await status_of(work, scene, Factor.PASSKEY)
    keep_status(work, tries.record_success(scene.now).state)
    change = await work.open_change()
    awaited = change if change and change.awaits_number else None
    _, begun = new_sign_in(scene, SignInState.AWAITING_FACTOR, awaited)
    sign_in = begun.choose(Factor.PASSKEY).state
    here = replace(scene, subject=sign_in.sign_in_id)
    conclude(work, here, (Fact.SIGN_IN_STARTED,))
    completed = sign_in.complete_with_factor(Factor.PASSKEY)
    return await admit(work, SignInInProgress(sign_in, awaited, here), completed, factor=Factor.PASSKEY)


async def reauthenticate_with_passkey(services: Services, client: Client, ticket: Ticket, *, text: str) -> Step[Ticket]:
    """Take a passkey in place of the password for a sensitive act: it is something one has, and is or knows."""
    answer = services.ceremonies.read(text)
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return Step(ticket, refusal=Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, services, session, client=client, subject=session.session_id)
        shown = await _shown(work, scene, _renewing(ticket.id), answer=answer)
        refusal = shown.refusal or await _bars(work, scene)
        if refusal:
            conclude(work, scene, (), refusal=refusal)
            return Step(ticket, refusal=refusal)
        renewed, token_key = new_token(services, ticket)
        step = session.reauthenticate_with(Factor.PASSKEY, token_key, scene.now)
        work.keep(step.state)
        conclude(work, replace(scene, evidence="verified passkey"), step.facts)
        return Step(renewed, step.facts)
