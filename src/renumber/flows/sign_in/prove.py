"""Proving what a sign-in waits for, and the session that follows."""

from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.sign_in import SignIn, SignInState
from renumber.flows.attempts import restore_suspended
from renumber.flows.codes import check_awaited_code, send_code
from renumber.flows.sessions import open_session
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.method import ask


@in_sign_in(awaiting=Factor.PHONE)
async def prove_factor(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Finish the sign-in with the code sent to the account's number."""
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    return await admit(act, act.sign_in.complete_with_factor(Factor.PHONE), Factor.PHONE)


async def admit(act: SignInAct, completed: Step[SignIn], factor: Factor) -> Step[SignInResult | None]:
    """Turn a completed sign-in into a session with a cookie of its own."""
    assert completed.state.state is SignInState.COMPLETE, "only a completed sign-in gets a session"
    proven = replace(act, evidence=act.evidence.with_factor(factor))
    session, ticket = open_session(proven, factor)
    await restore_suspended(proven)
    account = act.account.prove_password() if act.proves_password else act.account
    act.keep(completed.state, session, account.use_factor(factor))
    enters_number = act.sign_in.state is SignInState.AWAITING_NEW_NUMBER
    known = completed.state.from_known_browser or enters_number
    facts = completed.facts if known else (*completed.facts, Fact.SIGNED_IN_FROM_NEW_BROWSER)
    result = SignInResult(state=SignInState.COMPLETE, ticket=ticket, signed_in=True)
    return replace(proven, subject=session.session_id).done(result, *facts)


@in_sign_in()
async def send_again(act: SignInAct) -> Step[None]:
    """Send the code once more, whichever the sign-in waits for."""
    intent = act.intent()
    return await send_code(act, intent) if intent else act.refuse(Refusal.NOT_NOW)


@in_sign_in(SignInState.AWAITING_MAILBOX)
async def prove_mailbox(act: SignInAct, code: str) -> Step[SignInResult | None]:
    """Let this browser go on to the number, with the code sent to the account's address."""
    checked = await check_awaited_code(act, code)
    if checked.refusal:
        return checked
    step = act.carry_out(act.sign_in.prove_mailbox())
    onward = replace(act, sign_in=step.state)
    if step.state.state is SignInState.AWAITING_FACTOR:
        await ask(onward)
    return onward.done(onward.result())
