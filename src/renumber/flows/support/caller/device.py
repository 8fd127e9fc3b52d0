"""The answer of an enrolled device to the prompt of a call."""

from dataclasses import replace

from renumber.domain.factor import Factor, Proven
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Decision, Prompt, PromptState
from renumber.domain.typed.codes import digits_in
from renumber.flows.act import DeviceAct
from renumber.flows.attempts import status_of
from renumber.flows.push.answered import Answered
from renumber.flows.support.caller.prove import count, settle
from renumber.flows.support.caller.standing import named_check
from renumber.policies.support.caller import takes_callers


async def answer_call(
    act: DeviceAct, prompt: Prompt, decision: Decision, *, digits: str, expected: str
) -> Step[Answered | None]:
    """Prove the caller, or deny the call; neither signs anybody in."""
    if decision is not Decision.APPROVE:
        return await _deny(act, prompt, decision)
    if not takes_callers(await status_of(act, Factor.PUSH), act.limits):
        return act.refuse(Refusal.FACTOR_SUSPENDED)
    checks, device_id = act.limits.push_checks, act.device.device_id
    step = prompt.approve(digits_in(digits, len(expected)), expected, device_id, now=act.now, checks=checks)
    act.keep(step.state)
    await count(act, Factor.PUSH, is_right=step.refusal is None)
    if step.refusal:
        return act.refuse(step.refusal, tries_left=step.tries_left)
    await _note_use(act)
    act.record(*step.facts)
    return await _prove(act, prompt)


async def _prove(act: DeviceAct, prompt: Prompt) -> Step[Answered | None]:
    check = await named_check(act, prompt.sign_in_id)
    assert check is not None, "the prompt was found to be awaited"
    about = replace(act, subject=check.check_id)
    await settle(about, check, Proven(Factor.PUSH, act.device.made_at))
    return act.done(Answered(PromptState.APPROVED))


async def _deny(act: DeviceAct, prompt: Prompt, decision: Decision) -> Step[Answered | None]:
    """End the check by one denial, which counts nowhere: whoever calls can't wear anybody out, nor shut them out."""
    step = prompt.deny(act.device.device_id, act.now)
    act.keep(step.state)
    await _note_use(act)
    told = replace(act, evidence=act.evidence.with_decision(decision))
    told.record(*step.facts)
    check = await named_check(act, prompt.sign_in_id)
    if check:
        replace(told, subject=check.check_id).carry_out(check.deny(act.now))
    return act.done(Answered(step.state.state))


async def _note_use(act: DeviceAct) -> None:
    current = await act.work.load(Device, act.device.device_id)
    if current:
        act.keep(current.use(act.now))
