"""The acts of a caller on the page of their check: choose a method, answer, or say that it isn't them on the phone."""

from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import CallerCheck
from renumber.flows.support.caller.opening import CallerAct, by_caller
from renumber.flows.support.caller.prompt import ask_devices
from renumber.flows.support.caller.prove import prove_by_app, prove_by_text, send_text, settle

SEND = {Factor.PHONE: send_text, Factor.PUSH: ask_devices}
ANSWERS = {Factor.PHONE: prove_by_text, Factor.TOTP: prove_by_app}


@by_caller
async def choose_method(act: CallerAct, method: Factor) -> Step[CallerCheck]:
    """Choose a method, and have sent what it needs.

    What came of the sending is written down and not said: the page is the same for an account that has no such method.
    """
    rules = act.services.rules.caller
    step = act.check.choose(method, act.now, pause=act.limits.resend_pauses[0], most=rules.sends)
    if step.refusal:
        return act.refuse(step.refusal, step.state, open_at=step.open_at)
    act.keep(step.state)
    if method in SEND:
        await SEND[method](act)
    return act.done(step.state)


@by_caller
async def answer_check(act: CallerAct, typed: str) -> Step[CallerCheck]:
    """Take a code that the person typed; a wrong one counts on the check, and on the factor where there is one."""
    prove = ANSWERS.get(act.check.method) if act.check.method else None
    if prove is None or act.check.method is None or not act.check.awaits(act.check.method, act.now):
        return act.refuse(Refusal.CHECK_OVER, act.check)
    return await settle(act, act.check, await prove(act, typed))


@by_caller
async def deny_call(act: CallerAct) -> Step[CallerCheck]:
    """Withdraw the check by the word that it isn't them on the phone; staff sees it, and the mailbox is told."""
    return act.carry_out(act.check.deny(act.now))
