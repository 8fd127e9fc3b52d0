"""Entering the new number and proving it by the code sent to it."""

from dataclasses import replace

from renumber.domain.challenge import Challenge, CodeIntent, CodePurpose
from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor, FactorStatus, Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session
from renumber.domain.sign_in import SignInState
from renumber.flows.account.mailed_password import bar_of_doubt
from renumber.flows.act import SessionAct, in_session
from renumber.flows.attempts import keep_status
from renumber.flows.codes import check_awaited_code, send_code
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.sign_in.begin import begin_enrolment, in_the_middle, new_sign_in, new_ticket
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.part import asked_in
from renumber.flows.sign_in.prove import admit
from renumber.policies.assurance import may_enter_number
from renumber.policies.cooling_off import held_until


@in_session
async def begin_in_session(act: SessionAct) -> Step[SignInResult | None]:
    """Go from a full session to the page of the new number, for who came in with another factor after the reset.

    The session stays until the number is proven: whoever turns back is still signed in.
    """
    refusal = may_enter_number(act.account, act.session, act.now, fresh_for=act.limits.fresh_for)
    refusal = refusal or await bar_of_doubt(act)
    if refusal:
        return act.refuse(refusal)
    change = await act.work.open_change() or begin_enrolment(act)
    ticket = new_ticket(act)
    begun = new_sign_in(act, ticket, SignInState.AWAITING_NEW_NUMBER, change=change, known=True)
    sign_in = replace(begun, session_id=act.session.session_id)
    act.keep(sign_in)
    begun_act = in_the_middle(act, sign_in, change)
    return begun_act.done(begun_act.result(ticket), Fact.SIGN_IN_STARTED)


@in_sign_in(SignInState.AWAITING_NEW_NUMBER)
async def enter_number(act: SignInAct, number: PhoneNumber) -> Step[SignInResult | None]:
    """Send a code to the new number; the number counts for nothing until that code comes back.

    The browser that asked is told of a slip, the old number. In any other it is a number like all: whoever goes on
    there knows its last digits alone, and could try the rest.
    """
    if act.change is None:
        return act.refuse(Refusal.NOT_NOW)
    if number == act.change.old_number and asked_in(act.services, act.client, act.change):
        return act.refuse(Refusal.NUMBER_IS_OLD)
    return await _send_to(act, act.change, number)


@in_sign_in(SignInState.AWAITING_NEW_NUMBER)
async def keep_old_number(act: SignInAct, number: PhoneNumber) -> Step[SignInResult | None]:
    """Send a code to the number although it is the old one, for who has thought again."""
    return await _send_to(act, act.change, number) if act.change else act.refuse(Refusal.NOT_NOW)


async def _send_to(act: SignInAct, change: PhoneChange, number: PhoneNumber) -> Step[SignInResult | None]:
    entered = change.enter_number(number)
    named = replace(act, change=entered.state, subject=change.change_id)
    intent = named.intent()
    assert intent is not None, "a named number has a code to wait for"
    is_under_way = await _is_under_way(named, intent)
    sent = await send_code(named, intent)
    if sent.refusal and not is_under_way:
        return sent
    named.carry_out(entered)
    return named.done(named.result())


async def _is_under_way(act: SignInAct, intent: CodeIntent) -> bool:
    """Typing the same number again a moment later goes back to the code that is on its way."""
    standing = await act.work.load(Challenge, intent.slot)
    return standing is not None and standing.is_for(intent) and standing.is_worth_repeating(act.now)


@in_sign_in(SignInState.AWAITING_NEW_NUMBER)
async def prove_number(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Bind the new number with the code sent to it; the session that follows is a full one.

    Whether too many accounts share the number is said only to someone who has just proven to hold it.
    """
    if act.change is None:
        return act.refuse(Refusal.NOT_NOW)
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    if await _is_at_capacity(act, act.change):
        return act.refuse(Refusal.NUMBER_AT_CAPACITY)
    return await _complete(act, act.change)


async def _is_at_capacity(act: SignInAct, change: PhoneChange) -> bool:
    """Ask one after another, or parallel enrolments would outrun the cap; without a cap it costs nothing."""
    cap, number = act.services.rules.numbers.accounts_per_number, change.new_number
    if not cap or number is None:
        return False
    keys = act.services.secrets.fingerprints(KeyedHash.SHARED_NUMBER, number.e164)
    await act.work.take([Quota(keys, ())], act.now)  # locked until this one is committed
    return await act.work.accounts_with(number) >= cap


async def _complete(act: SignInAct, change: PhoneChange) -> Step[SignInResult | None]:
    intent = act.intent()
    proven = await act.work.load(Challenge, intent.slot) if intent else None
    assert proven is not None, "a checked code has a challenge"
    step = change.complete(proven, act.now)
    assert step.refusal is None, "a code that was checked for this change completes it"
    act.keep(step.state)
    _bind(act, step.state)
    await _begin_factor_anew(act)
    await _end_session(act)
    return await admit(act, act.sign_in.complete_with_number(change.change_id), Proven(Factor.PHONE))


def _bind(act: SignInAct, change: PhoneChange) -> None:
    assert change.new_number is not None, "a completed change has its number"
    bound = act.account.bind_number(change.new_number, act.now, act.limits.release_for)
    held = held_until(bound.state, act.now, act.limits.hold_for)
    extra = {"new_number": change.new_number.masked, "hold_until": held.isoformat() if held else ""}
    act.keep(bound.state)
    told = replace(act, subject=change.change_id, number=change.old_number, extra=extra)
    replace(told, evidence=Evidence.password().with_code(CodePurpose.NEW_NUMBER)).record(*bound.facts)


async def _begin_factor_anew(act: SignInAct) -> None:
    phone = await act.work.load(FactorStatus, Factor.PHONE)
    if phone:
        begun = phone.replace_with_proven(act.now)
        keep_status(act, begun.state)
        act.record(*begun.facts)


async def _end_session(act: SignInAct) -> None:
    """The session in which it began gives way to the new one."""
    session = await act.work.load(Session, act.sign_in.session_id) if act.sign_in.session_id else None
    if session:
        act.keep(session.end(act.now, Fact.SIGNED_OUT).state)
