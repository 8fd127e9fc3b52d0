"""Answering a prompt on a device, and finishing the sign-in in the browser that asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from renumber.domain.factor import Factor, Proven
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.messages.message import Channel, Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Decision, Prompt, PromptPurpose, PromptState
from renumber.domain.push.signed_texts import answer_text, call_answer_text
from renumber.domain.sign_in import SignIn
from renumber.domain.typed.codes import digits_in
from renumber.flows.act import DeviceAct, by_device
from renumber.flows.attempts import count_attempt, first_failure, keep_status, record_failure, status_of
from renumber.flows.links import Recipient, new_link
from renumber.flows.push.answered import Answered
from renumber.flows.services import Services
from renumber.flows.sign_in.in_progress import SignInAct, SignInResult, in_sign_in
from renumber.flows.sign_in.prompt import approves, newest_prompt, prompt_devices, trusted_devices
from renumber.flows.sign_in.prove import confirm
from renumber.flows.support.caller.device import answer_call
from renumber.flows.support.caller.standing import named_check


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a device to a prompt; `digits` are empty unless it approves."""

    prompt_id: str
    decision: Decision
    digits: str = field(repr=False)
    signature: bytes = field(repr=False)


def digits_for(services: Services, prompt: Prompt) -> str:
    """The digits that the sign-in page shows and the person types on the device."""
    return services.secrets.code(prompt.digits)[-services.rules.limits.push_digits :]


async def pending(services: Services, device: Device) -> Sequence[tuple[Prompt, str]]:
    """The prompts that wait for the device, each with its challenge; whoever has found a lost one is told nothing."""
    prompts = await services.reads.pending_prompts(device.account_id, device.made_at, services.clock.now())
    return [(prompt, services.secrets.token(prompt.challenge)) for prompt in prompts]


@by_device
async def answer_prompt(act: DeviceAct, given: Answer) -> Step[Answered | None]:
    """Take the signed answer of a device; of several at once, one counts."""
    about = replace(act, subject=given.prompt_id)
    prompt = await act.work.load(Prompt, given.prompt_id)
    if prompt is None:
        return about.refuse(Refusal.PROMPT_UNKNOWN)
    refusal = await _bars(act, prompt, given)
    if refusal:
        return about.refuse(refusal)
    # A notice tells where the digits are shown, not where the phone was.
    asked = replace(about, extra={"browser": prompt.browser, "ip": prompt.ip}).on_factor(Factor.PUSH)
    if prompt.purpose is PromptPurpose.CALL:
        expected = digits_for(act.services, prompt)
        return await answer_call(asked, prompt, given.decision, digits=given.digits, expected=expected)
    if given.decision is Decision.APPROVE:
        return await _approve(asked, prompt, given.digits)
    return await _deny(asked, prompt, given.decision)


async def _bars(act: DeviceAct, prompt: Prompt, given: Answer) -> Refusal | None:
    if act.device.device_id not in {each.device_id for each in await trusted_devices(act)}:
        return Refusal.DEVICE_UNKNOWN
    if not _is_signed(act, prompt, given):
        return Refusal.DEVICE_SIGNATURE_WRONG
    refusal = prompt.examine(act.now)
    return refusal or (None if await _is_awaited(act, prompt) else Refusal.PROMPT_EXPIRED)


async def _is_awaited(act: DeviceAct, prompt: Prompt) -> bool:
    """Tell whether the sign-in, or the call, on behalf of which the devices were asked still goes on."""
    if prompt.purpose is PromptPurpose.CALL:
        check = await named_check(act, prompt.sign_in_id)
        return check is not None and check.awaits(Factor.PUSH, act.now)
    sign_in = await act.work.load(SignIn, prompt.sign_in_id)
    return sign_in is not None and sign_in.is_live(act.now)


def _is_signed(act: DeviceAct, prompt: Prompt, given: Answer) -> bool:
    challenge = act.services.secrets.token(prompt.challenge)
    base_url, decision = act.services.rules.base_url, given.decision.value
    written = answer_text if prompt.purpose is PromptPurpose.SIGN_IN else call_answer_text
    text = written(base_url, prompt.prompt_id, challenge, digits=given.digits, decision=decision)
    return act.services.signatures.verify(act.device.public_key, given.signature, text)


async def _approve(act: DeviceAct, prompt: Prompt, digits: str) -> Step[Answered | None]:
    bar = act.account.bar(Factor.PUSH)
    if bar:
        return act.refuse(bar)
    expected, device_id, checks = digits_for(act.services, prompt), act.device.device_id, act.limits.push_checks
    step = prompt.approve(digits_in(digits, len(expected)), expected, device_id, now=act.now, checks=checks)
    act.keep(step.state)
    counted = await count_attempt(act, Factor.PUSH, refusal=step.refusal)
    if counted.refusal:
        return replace(counted, tries_left=min(step.tries_left or 0, counted.tries_left or 0))
    await _note_use(act)
    return act.done(Answered(step.state.state), *step.facts)


async def _note_use(act: DeviceAct) -> None:
    current = await act.work.load(Device, act.device.device_id)
    if current:
        act.keep(current.use(act.now))


async def _deny(act: DeviceAct, prompt: Prompt, decision: Decision) -> Step[Answered]:
    """A denial is a failure: somebody had the password, and whoever keeps asking gets no further (NIST 3.1.3)."""
    step = prompt.deny(act.device.device_id, act.now)
    act.keep(step.state)
    await _note_use(act)
    told = replace(act, evidence=act.evidence.with_decision(decision))
    told.record(*step.facts)
    await _count_denial(told)
    token = _stop_token(told) if decision is Decision.NOT_ME else ""
    return told.done(Answered(step.state.state, token))


async def _count_denial(act: DeviceAct) -> None:
    status = await status_of(act, Factor.PUSH)
    if status.suspended_at is None:
        counted = record_failure(act, status)
        keep_status(act, counted.state)
        act.record(*counted.facts, *first_failure(counted))


def _stop_token(act: DeviceAct) -> str:
    account_id, until = act.account.account_id, act.now + act.limits.stop_link_for
    to, notice = Recipient(Channel.PUSH, act.device.device_id), Notice.SIGN_IN_PROMPT
    link, derived = new_link(act.services, account_id, LinkPurpose.STOP, subject="", until=until, to=to, notice=notice)
    act.keep(link)
    return act.services.secrets.token(derived)


@in_sign_in(awaiting=Factor.PUSH)
async def ask_again(act: SignInAct) -> Step[None]:
    """Ask the devices anew, with other digits."""
    standing = await newest_prompt(act)
    return act.done(None) if standing and approves(act, standing) else await prompt_devices(act)


@in_sign_in(awaiting=Factor.PUSH)
async def finish_push(act: SignInAct) -> Step[SignInResult | None]:
    """Sign in after the approval, in the one browser whose page showed the digits."""
    prompt = await newest_prompt(act)
    refusal = _not_approved(act, prompt)
    if refusal:
        return act.refuse(refusal)
    device = await act.work.load(Device, prompt.device_id) if prompt and prompt.device_id else None
    return await confirm(act, Proven(Factor.PUSH, device.made_at if device else None))


def _not_approved(act: SignInAct, prompt: Prompt | None) -> Refusal | None:
    bar = act.account.bar(Factor.PUSH)
    if bar:
        return bar
    if prompt is None or prompt.state is not PromptState.APPROVED:
        return Refusal.PROMPT_NOT_APPROVED
    return None if approves(act, prompt) else Refusal.PROMPT_EXPIRED
