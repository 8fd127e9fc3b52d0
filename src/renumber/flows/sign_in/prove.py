"""Proving what a sign-in waits for, and the session that follows."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.factor import Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn, SignInState
from renumber.domain.wait import WaitPurpose
from renumber.flows.account.release import release_by_factor
from renumber.flows.attempts import restore_suspended
from renumber.flows.codes import check_awaited_code, send_code
from renumber.flows.sessions import new_token, open_session
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.method import ask
from renumber.flows.sign_in.part import part_in
from renumber.flows.waits import begin_wait, telling_of
from renumber.policies.sign_in_path import must_wait
from renumber.policies.waits import number_wait


@in_sign_in(awaiting=Factor.PHONE)
async def prove_factor(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Finish the sign-in with the code sent to the account's number."""
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    return await confirm(act, Proven(Factor.PHONE))


async def confirm(act: SignInAct, proven: Proven) -> Step[SignInResult | None]:
    """Go on with the factor that was asked for and just proven: sign in, step up, or release a frozen account."""
    if act.sign_in.is_step_up:
        return await _join_session(act, proven)
    if act.account.is_frozen:
        return await release_by_factor(act, proven)
    return await admit(act, act.sign_in.complete_with_factor(proven.factor), proven)


async def admit(act: SignInAct, completed: Step[SignIn], by: Proven) -> Step[SignInResult | None]:
    """Turn a completed sign-in into a session with a cookie of its own."""
    assert completed.state.state is SignInState.COMPLETE, "only a completed sign-in gets a session"
    proven = replace(act, evidence=act.evidence.with_factor(by.factor))
    session, ticket = open_session(proven, by)
    await restore_suspended(proven)
    doubted_for = act.limits.mailed_password_for
    account = act.account.prove_password(by, act.now, doubted_for) if act.proves_password else act.account
    act.keep(completed.state, session, account.use_factor(by.factor))
    told = () if completed.state.from_known_browser else (Fact.SIGNED_IN_FROM_NEW_BROWSER,)
    result = SignInResult(state=SignInState.COMPLETE, ticket=ticket, signed_in=True)
    return replace(proven, subject=session.session_id).done(result, *completed.facts, *told)


async def _join_session(act: SignInAct, proven: Proven) -> Step[SignInResult | None]:
    """Add the factor to the session in which the step-up began, which goes on under a new reference token."""
    completed = act.sign_in.step_up_with(proven.factor)
    session = await act.work.load(Session, act.sign_in.session_id) if act.sign_in.session_id else None
    assert session, "a sign-in whose session has ended is not opened"
    assert not act.account.is_frozen, "a freeze ends every session"
    ticket, token_key = new_token(act, session)
    joined = session.step_up(proven, token_key, act.now)
    assert completed.refusal is joined.refusal is None, "the factor was asked for, and the session stands"
    await restore_suspended(act)
    act.keep(completed.state, joined.state, act.account.use_factor(proven.factor))
    own = replace(act, evidence=act.evidence.with_factor(proven.factor), subject=session.session_id)
    return own.done(SignInResult(state=SignInState.COMPLETE, ticket=ticket, signed_in=True), *joined.facts)


@in_sign_in()
async def send_again(act: SignInAct) -> Step[None]:
    """Send the code once more, whichever the sign-in waits for."""
    intent = act.intent()
    return await send_code(act, intent) if intent else act.refuse(Refusal.NOT_NOW)


@in_sign_in(SignInState.AWAITING_MAILBOX)
async def prove_mailbox(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Let this browser go on with the code sent to the account's address: to a number, or to the wait for a new one."""
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    wait_for = await _wait_for(act)
    step = act.carry_out(act.sign_in.prove_mailbox(_onward(act, wait_for)))
    onward = replace(act, sign_in=step.state)
    if act.change and wait_for:
        await _wait(act, act.change, wait_for)
    if step.state.state is SignInState.AWAITING_FACTOR:
        await ask(onward)
    return onward.done(onward.result())


def _onward(act: SignInAct, wait_for: timedelta) -> SignInState:
    """A number that was imported is asked for its code; a new one is entered, perhaps after a wait."""
    if act.change is None:
        return SignInState.AWAITING_FACTOR
    return SignInState.WAITING if wait_for else SignInState.AWAITING_NEW_NUMBER


async def _wait_for(act: SignInAct) -> timedelta:
    """The time that has to pass in this browser before the new number."""
    waits = act.change and must_wait(act.account, act.change, await part_in(act, act.change))
    return number_wait(act.account, act.limits) if waits else timedelta(0)


async def _wait(act: SignInAct, change: PhoneChange, wait_for: timedelta) -> None:
    begun = await begin_wait(act, WaitPurpose.NEW_NUMBER, change.change_id, wait_for=wait_for)
    if begun.facts:
        act.keep(act.account.keep_former_number(begun.state.over_at + act.limits.release_for))
    told = replace(act, subject=change.change_id, number=change.old_number)
    telling_of(told, begun.state).record(*begun.facts)
