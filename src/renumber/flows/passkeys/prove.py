"""Proving a passkey: after the password, instead of it, and before a sensitive act."""

from collections.abc import Sequence
from dataclasses import replace

from renumber.domain.actor import Actor
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.passkey import CeremonyPurpose, Passkey, live
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.act import Act, SessionAct, as_visitor, in_session
from renumber.flows.attempts import count_attempt, keep_status, status_of
from renumber.flows.factors.views import renewing_passkeys
from renumber.flows.passkeys.challenge import Ceremony, issue, spend
from renumber.flows.ports.services import Answer
from renumber.flows.ports.store import Bucket, Quota
from renumber.flows.services import Client, Services, nobody
from renumber.flows.sessions import new_token
from renumber.flows.sign_in.begin import in_the_middle, ip_keys, new_sign_in, new_ticket, refuse_throttled
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.prove import admit, confirm
from renumber.flows.views import Progress, Visit
from renumber.policies.assurance import may_renew
from renumber.policies.methods import methods_of

ALONE = Ceremony(CeremonyPurpose.SIGN_IN)


async def options_to_confirm(services: Services, client: Client, progress: Progress) -> str:
    """Ask for one of the account's passkeys, after its password."""
    return await _options(
        services, client, progress.account.account_id, ceremony=_confirming(progress.sign_in.sign_in_id)
    )


def _confirming(sign_in_id: str) -> Ceremony:
    return Ceremony(CeremonyPurpose.CONFIRM, sign_in_id)


async def _options(services: Services, client: Client, account_id: str, *, ceremony: Ceremony) -> str:
    known = await services.reads.passkeys(account_id)
    return _asked(services, client, known, ceremony=ceremony)


def _asked(services: Services, client: Client, known: Sequence[Passkey], *, ceremony: Ceremony) -> str:
    return services.ceremonies.request_options(known, ceremony.purpose, issue(services, client, ceremony))


async def options_to_reauthenticate(services: Services, client: Client, visit: Visit) -> str:
    """Ask for one of the account's passkeys, in its session; those that are too new are not asked for."""
    known = await renewing_passkeys(services, visit)
    return _asked(services, client, known, ceremony=_renewing(visit.session.session_id))


def _renewing(session_id: str) -> Ceremony:
    return Ceremony(CeremonyPurpose.REAUTHENTICATE, session_id)


def options_to_sign_in(services: Services, client: Client) -> str:
    """Ask for any passkey that an authenticator has for us: who it is, is not known yet."""
    return services.ceremonies.request_options((), ALONE.purpose, issue(services, client, ALONE))


@in_sign_in(awaiting=Factor.PASSKEY)
async def prove_passkey(act: SignInAct, text: str) -> Step[SignInResult | None]:
    """Finish the sign-in with a passkey of the account, after the password."""
    bar = act.account.bar(Factor.PASSKEY)
    if bar:
        return act.refuse(bar)
    answer = act.services.ceremonies.read(text)
    judged = await _judge(act, _confirming(act.sign_in.sign_in_id), answer)
    if judged in (Refusal.PASSKEY_TOO_LATE, Refusal.REPORTED_LOST):  # neither is a wrong answer
        return act.refuse(judged)
    counted = await count_attempt(act, Factor.PASSKEY, refusal=judged)
    if counted.refusal:
        return counted
    return await confirm(act, await _proven(act, _confirming(act.sign_in.sign_in_id), answer))


async def _judge(act: Act, ceremony: Ceremony, answer: Answer | None) -> Refusal | None:
    """Verify an answer, by whichever way it came; what it says is kept, and what is odd about it is told."""
    if answer is None:
        return Refusal.WRONG_PASSKEY
    refusal = await spend(act, ceremony, answer.challenge)
    passkey = None if refusal else await _named(act, ceremony, answer)
    shown = act.services.ceremonies.verify_assertion(answer, passkey) if passkey else None
    if passkey is None or shown is None:
        return refusal or Refusal.WRONG_PASSKEY
    if not (await status_of(act, Factor.PASSKEY)).trusts(passkey.made_at):
        return Refusal.REPORTED_LOST
    step = passkey.use(shown, ceremony.purpose, act.now)
    if step.refusal is None:
        act.keep(step.state)
    act.record(*step.facts)
    return step.refusal


async def _named(act: Act, ceremony: Ceremony, answer: Answer) -> Passkey | None:
    """The passkey that an answer speaks of, if it is this account's (WebAuthn section 7.2, step 6)."""
    speaks_of = (act.account.account_id, "") if ceremony.about else (act.account.account_id,)
    if answer.user_handle not in speaks_of:
        return None
    passkeys = live(await act.work.load_all(Passkey))
    return next((passkey for passkey in passkeys if passkey.credential_id == answer.credential_id), None)


async def _proven(act: Act, ceremony: Ceremony, answer: Answer | None) -> Proven:
    """Which of the passkeys it was, by when it was made."""
    passkey = await _named(act, ceremony, answer) if answer else None
    return Proven(Factor.PASSKEY, passkey.made_at if passkey else None)


async def sign_in_with_passkey(services: Services, client: Client, text: str) -> Step[SignInResult | None]:
    """Sign in with nothing but a passkey, whose authenticator has verified the person.

    Every passkey that isn't one of ours gets the same answer, and wrong ones count for the IP address alone: nobody can
    guess a signature, but whoever saw the id of a credential could otherwise suspend it for its owner.
    """
    here = Bucket(ip_keys(services, client), services.rules.limits.free_ip_failures, counted_ahead=False)
    open_at = await services.throttle.reserve([here], services.clock.now())
    if open_at:
        return await refuse_throttled(services, client, nobody(services, client.place), open_at)
    answer = services.ceremonies.read(text)
    owner = await services.passkey_owners.owner_of(answer.credential_id, client.browser_id) if answer else None
    if owner is None:
        return await _prove_alone(services, client, nobody(services, client.place), None)
    return await _prove_alone(services, client, owner.account_id, answer, known=owner.knows_browser)


@as_visitor
async def _prove_alone(visit: Act, answer: Answer | None, *, known: bool = False) -> Step[SignInResult | None]:
    act = replace(visit, evidence=Evidence.passkey())
    refusal = await _judge(act, ALONE, answer) or _bars(act)
    if refusal is Refusal.WRONG_PASSKEY:
        await act.work.take([Quota(ip_keys(act.services, act.client), ())], act.now)
    if refusal:
        return act.refuse(refusal)
    proven = await _proven(act, ALONE, answer)
    owner = replace(act, actor=Actor.OWNER, evidence=Evidence.verified())
    return await _begin_alone(owner, proven, known=known)


def _bars(act: Act) -> Refusal | None:
    """The refusal that keeps out even the right passkey; a frozen account is released by password and codes alone."""
    if act.account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if Factor.PASSKEY not in methods_of(act.account, act.services.rules.methods):
        return Refusal.METHOD_NOT_OFFERED
    return act.account.bar(Factor.PASSKEY)


async def _begin_alone(act: Act, proven: Proven, *, known: bool) -> Step[SignInResult | None]:
    status = await status_of(act, Factor.PASSKEY)
    keep_status(act, status.record_success(act.now).state)
    change = await act.work.open_change()
    awaited = change if change and change.awaits_number else None
    begun = new_sign_in(act, new_ticket(act), SignInState.AWAITING_FACTOR, change=awaited, known=known)
    sign_in = begun.choose(Factor.PASSKEY).state
    begun_act = in_the_middle(act, sign_in, awaited)
    begun_act.record(Fact.SIGN_IN_STARTED)
    return await admit(begun_act, sign_in.complete_with_factor(Factor.PASSKEY), proven)


@in_session
async def reauthenticate_with_passkey(act: SessionAct, text: str) -> Step[Ticket | None]:
    """Take a passkey in place of the password for a sensitive act: it is something one has, and is or knows."""
    own = replace(act, subject=act.session.session_id)
    answer = act.services.ceremonies.read(text)
    named = await _named(own, _renewing(act.session.session_id), answer) if answer else None
    refusal = await _judge(own, _renewing(act.session.session_id), answer) or _bars(act)
    if named and refusal is None:
        refusal = may_renew(act.session, named.made_at, act.now, hold_for=act.limits.hold_for)
    if refusal:
        return own.refuse(refusal)
    renewed, token_key = new_token(act, act.session)
    proven = await _proven(act, _renewing(act.session.session_id), answer)
    step = act.session.reauthenticate_with(proven, token_key, act.now)
    act.keep(step.state)
    return replace(own, evidence=Evidence.verified().with_factor(Factor.PASSKEY)).done(renewed, *step.facts)
