"""Entering the new number and proving it by the code sent to it."""

from dataclasses import replace

from renumber.domain.account import Account
from renumber.domain.challenge import Challenge, CodePurpose
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.outcomes import Fact, Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session, Ticket
from renumber.domain.sign_in import SignInState
from renumber.flows.act import Client, Services
from renumber.flows.attempts import keep_status
from renumber.flows.codes import send_code
from renumber.flows.consequences import conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota, UnitOfWork
from renumber.flows.sessions import present, scene_of
from renumber.flows.sign_in.begin import begin_enrolment, new_sign_in
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult, check, refuse_stale, resume
from renumber.flows.sign_in.prove import admit
from renumber.policies.assurance import may_enter_number
from renumber.policies.cooling_off import held_until


async def begin_in_session(services: Services, client: Client, ticket: Ticket) -> SignInResult:
    """Go from a full session to the page of the new number, for who came in with another factor after the reset.

    The session stays until the number is proven: whoever turns back is still signed in.
    """
    async with services.store.work(ticket.account_id) as work:
        session = await present(work, services, ticket)
        if session is None:
            return SignInResult(Refusal.SESSION_UNKNOWN)
        scene = scene_of(work, services, session, client=client)
        fresh_for = services.rules.limits.fresh_for
        refusal = may_enter_number(work.account, session, scene.now, fresh_for=fresh_for)
        if refusal:
            conclude(work, scene, (), refusal=refusal)
            return SignInResult(refusal)
        change = await work.open_change() or begin_enrolment(work, scene)
        sign_in_ticket, begun = new_sign_in(scene, SignInState.AWAITING_NEW_NUMBER, change)
        sign_in = replace(begun, session_id=session.session_id)
        work.keep(sign_in)
        conclude(work, replace(scene, subject=sign_in.sign_in_id), (Fact.SIGN_IN_STARTED,))
        return SignInResult(None, sign_in.state, sign_in_ticket)


async def enter_number(services: Services, client: Client, ticket: Ticket, *, number: PhoneNumber) -> SignInResult:
    """Send a code to the new number; the number counts for nothing until that code comes back."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        change = _awaiting(in_progress)
        if in_progress is None or change is None:
            return refuse_stale(work, services, client, in_progress=in_progress)
        entered = change.enter_number(number)
        named = replace(in_progress, change=entered.state, scene=replace(in_progress.scene, subject=change.change_id))
        intent = named.intent()
        assert intent is not None, "a named number has a code to wait for"
        sent = await send_code(work, named.scene, intent)
        if sent.refusal and not _is_live_for(sent.state, named):
            return SignInResult(sent.refusal, SignInState.AWAITING_NEW_NUMBER, open_at=sent.open_at)
        work.keep(entered.state)
        conclude(work, named.scene, entered.facts)
        return SignInResult(None, SignInState.AWAITING_NEW_NUMBER, open_at=sent.open_at)


def _awaiting(in_progress: SignInInProgress | None) -> PhoneChange | None:
    """The open change whose number this sign-in may enter; any other change is out of its reach."""
    if (
        in_progress is None
        or in_progress.sign_in.state is not SignInState.AWAITING_NEW_NUMBER
        or in_progress.change is None
    ):
        return None
    return in_progress.change if in_progress.change.change_id == in_progress.sign_in.change_id else None


def _is_live_for(challenge: Challenge | None, in_progress: SignInInProgress) -> bool:
    """Typing the same number again a moment later goes back to the code that is on its way."""
    intent = in_progress.intent()
    now = in_progress.scene.now
    return (
        challenge is not None and intent is not None and challenge.is_for(intent) and challenge.is_worth_repeating(now)
    )


async def prove_number(services: Services, client: Client, ticket: Ticket, *, code: str) -> SignInResult:
    """Bind the new number with the code sent to it; the session that follows is a full one.

    Whether too many accounts share the number is said only to someone who has just proven to hold it.
    """
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        change = _awaiting(in_progress)
        if in_progress is None or change is None:
            return refuse_stale(work, services, client, in_progress=in_progress)
        checked = await check(work, in_progress, code)
        if checked.refusal:
            return checked
        if await _is_at_capacity(work, in_progress, change):
            conclude(work, in_progress.scene, (), refusal=Refusal.NUMBER_AT_CAPACITY)
            return SignInResult(Refusal.NUMBER_AT_CAPACITY, in_progress.sign_in.state)
        return await _complete(work, in_progress, change)


async def _is_at_capacity(work: UnitOfWork, in_progress: SignInInProgress, change: PhoneChange) -> bool:
    """Ask one after another, or parallel enrolments would outrun the cap; without a cap it costs nothing."""
    services, number = in_progress.scene.services, change.new_number
    cap = services.rules.numbers.accounts_per_number
    if not cap or number is None:
        return False
    turn = Quota(
        services.secrets.fingerprints(KeyedHash.SHARED_NUMBER, number.e164)[0], ()
    )  # locked until this one is committed
    await work.take([turn], in_progress.scene.now)
    return await work.accounts_with(number) >= cap


async def _complete(work: UnitOfWork, in_progress: SignInInProgress, change: PhoneChange) -> SignInResult:
    proven = await work.load(Challenge, CodePurpose.NEW_NUMBER)
    assert proven is not None, "a checked code has a challenge"
    step = change.complete(proven, in_progress.scene.now)
    assert step.refusal is None, "a code that was checked for this change completes it"
    account = _bind(work, in_progress, step.state)
    work.keep(step.state, account)
    await _begin_factor_anew(work, in_progress)
    await _end_session(work, in_progress)
    signed_in = in_progress.sign_in.complete_with_number(change.change_id)
    return await admit(work, in_progress, signed_in, factor=Factor.PHONE)


async def _end_session(work: UnitOfWork, in_progress: SignInInProgress) -> None:
    """The session in which it began gives way to the new one."""
    session_id = in_progress.sign_in.session_id
    session = await work.load(Session, session_id) if session_id else None
    if session:
        work.keep(session.end(in_progress.scene.now, Fact.SIGNED_OUT).state)


async def _begin_factor_anew(work: UnitOfWork, in_progress: SignInInProgress) -> None:
    phone = await work.load(FactorStatus, Factor.PHONE)
    if phone:
        begun = phone.replace_with_proven(in_progress.scene.now)
        keep_status(work, begun.state)
        conclude(work, in_progress.scene, begun.facts)


def _bind(work: UnitOfWork, in_progress: SignInInProgress, change: PhoneChange) -> Account:
    assert change.new_number is not None, "a completed change has its number"
    scene, limits = in_progress.scene, in_progress.scene.services.rules.limits
    bound = work.account.bind_number(change.new_number, scene.now, limits.release_for)
    held = held_until(bound.state, scene.now, limits.hold_for)
    extra = {"new_number": change.new_number.masked, "hold_until": held.isoformat() if held else ""}
    told = replace(scene.of(bound.state), subject=change.change_id, number=change.old_number, extra=extra)
    conclude(work, replace(told, evidence="password code:new_number"), bound.facts)
    return bound.state
