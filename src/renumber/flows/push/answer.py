"""Answering a prompt on a device, and finishing the sign-in in the browser that asked for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from renumber.domain.actor import Actor
from renumber.domain.factor import Factor
from renumber.domain.link import LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Decision, Prompt, PromptState
from renumber.domain.push.signed_texts import answer_text
from renumber.domain.session import Ticket
from renumber.domain.sign_in import SignIn
from renumber.flows.act import Client, Services
from renumber.flows.attempts import about_factor, count, first_failure, keep_status, record_failure, status_of
from renumber.flows.codes import digits_of
from renumber.flows.consequences import Scene, conclude
from renumber.flows.links import new_link
from renumber.flows.ports.reads import PushReads
from renumber.flows.ports.store import UnitOfWork
from renumber.flows.sign_in.in_progress import SignInResult, refuse_stale, resume
from renumber.flows.sign_in.prompt import approves, newest_prompt, prompt_devices, trusted_devices
from renumber.flows.sign_in.prove import admit


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device says to a prompt; `digits` are empty unless it approves."""

    prompt_id: str
    decision: Decision
    digits: str = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """How the prompt stands after an answer; the token leads to freezing, after a *not me* alone."""

    refusal: Refusal | None
    state: PromptState | None = None
    tries_left: int | None = None
    freeze_token: str = field(default="", repr=False)


def digits_for(services: Services, prompt: Prompt) -> str:
    """The digits that the sign-in page shows and the person types on the device."""
    return services.secrets.code(prompt.digits)[-services.rules.limits.push_digits :]


async def pending(services: Services, reads: PushReads, device: Device) -> Sequence[tuple[Prompt, str]]:
    """What the device is asked now, each with its challenge; whoever has found a lost one is told nothing."""
    prompts = await reads.pending_prompts(device.account_id, device.made_at, services.clock.now())
    return [(prompt, services.secrets.token(prompt.challenge)) for prompt in prompts]


async def answer_prompt(services: Services, client: Client, device: Device, *, given: Answer) -> Answered:
    """Take the signed answer of a device; of several at once, one counts."""
    async with services.store.work(device.account_id) as work:
        evidence = f"device {device.device_id}"
        scene = Scene(services, client, work.account, services.clock.now(), Actor.OWNER, evidence, given.prompt_id)
        prompt = await work.load(Prompt, given.prompt_id)
        refusal = await _refusal(work, scene, prompt, device=device, given=given)
        if prompt is None or refusal:
            conclude(work, scene, (), refusal=refusal)
            return Answered(refusal)
        scene = replace(about_factor(scene, Factor.PUSH), extra=_asked_from(prompt))
        if given.decision is Decision.APPROVE:
            return await _approve(work, scene, prompt, given=given, device=device)
        return await _deny(work, scene, prompt, given=given, device=device)


def _asked_from(prompt: Prompt) -> dict[str, str]:
    """A notice tells where the sign-in was tried, not where the phone was."""
    return {"browser": prompt.browser, "ip": prompt.ip, "factor": Factor.PUSH.value}


async def _refusal(
    work: UnitOfWork, scene: Scene, prompt: Prompt | None, *, device: Device, given: Answer
) -> Refusal | None:
    if prompt is None:
        return Refusal.PROMPT_UNKNOWN
    if device.device_id not in {each.device_id for each in await trusted_devices(work, scene)}:
        return Refusal.DEVICE_UNKNOWN
    if not _is_signed(scene.services, device, prompt, given=given):
        return Refusal.DEVICE_SIGNATURE_WRONG
    sign_in = await work.load(SignIn, prompt.sign_in_id)
    if sign_in is None or not sign_in.is_live(scene.now):
        return prompt.examine(scene.now) or Refusal.PROMPT_EXPIRED
    return prompt.examine(scene.now)


def _is_signed(services: Services, device: Device, prompt: Prompt, *, given: Answer) -> bool:
    challenge = services.secrets.token(prompt.challenge)
    text = answer_text(
        services.rules.base_url, prompt.prompt_id, challenge, digits=given.digits, decision=given.decision.value
    )
    return services.signatures.verify(device.public_key, given.signature, text)


async def _approve(work: UnitOfWork, scene: Scene, prompt: Prompt, *, given: Answer, device: Device) -> Answered:
    if Factor.PUSH in work.account.suspended:
        conclude(work, scene, (), refusal=Refusal.FACTOR_SUSPENDED)
        return Answered(Refusal.FACTOR_SUSPENDED)
    checks = scene.services.rules.limits.push_checks
    expected = digits_for(scene.services, prompt)
    step = prompt.approve(digits_of(given.digits), expected, device.device_id, now=scene.now, checks=checks)
    work.keep(step.state)
    counted = await count(work, scene, Factor.PUSH, refusal=step.refusal)
    if counted.refusal:
        return Answered(counted.refusal, step.state.state, _fewer(step, counted.tries_left))
    await _note_use(work, device, scene)
    conclude(work, scene, step.facts)
    return Answered(None, step.state.state)


def _fewer(step: Step[Prompt], left: int | None) -> int:
    return min(step.tries_left or 0, left or 0)


async def _note_use(work: UnitOfWork, device: Device, scene: Scene) -> None:
    current = await work.load(Device, device.device_id)
    if current:
        work.keep(current.use(scene.now))


async def _deny(work: UnitOfWork, scene: Scene, prompt: Prompt, *, given: Answer, device: Device) -> Answered:
    """A denial is a miss: somebody had the password, and whoever keeps asking gets no further (NIST 3.1.3)."""
    step = prompt.deny(device.device_id, scene.now)
    work.keep(step.state)
    await _note_use(work, device, scene)
    scene = replace(scene, evidence=f"{scene.evidence}; {given.decision}")
    conclude(work, scene, step.facts)
    tries = await status_of(work, scene, Factor.PUSH)
    if tries.suspended_at is None:
        counted = record_failure(scene, tries)
        keep_status(work, counted.state)
        conclude(work, scene, (*counted.facts, *first_failure(counted)))
    token = _stop_token(work, scene) if given.decision is Decision.NOT_ME else ""
    return Answered(None, step.state.state, freeze_token=token)


def _stop_token(work: UnitOfWork, scene: Scene) -> str:
    until = scene.now + scene.services.rules.limits.stop_link_for
    link, derived = new_link(scene.services, scene.account.account_id, LinkPurpose.STOP, subject="", until=until)
    work.keep(link)
    return scene.services.secrets.token(derived)


async def ask_again(services: Services, client: Client, ticket: Ticket) -> SignInResult:
    """Ask the devices anew, with other digits."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.awaits(Factor.PUSH):
            return refuse_stale(work, services, client, in_progress=in_progress)
        standing = await newest_prompt(work, in_progress.sign_in.sign_in_id)
        if standing and approves(standing, in_progress.scene):
            return in_progress.result()
        asked = await prompt_devices(work, in_progress)
        return in_progress.result(asked.refusal, open_at=asked.open_at)


async def finish_push(services: Services, client: Client, ticket: Ticket) -> SignInResult:
    """Sign in after the approval, in the one browser whose page showed the digits."""
    async with services.store.work(ticket.account_id) as work:
        in_progress = await resume(work, services, ticket, client=client)
        if in_progress is None or not in_progress.sign_in.awaits(Factor.PUSH):
            return refuse_stale(work, services, client, in_progress=in_progress)
        prompt = await newest_prompt(work, in_progress.sign_in.sign_in_id)
        refusal = _not_approved(prompt, in_progress.scene)
        if refusal:
            conclude(work, in_progress.scene, (), refusal=refusal)
            return in_progress.result(refusal)
        return await admit(work, in_progress, in_progress.sign_in.complete_with_factor(Factor.PUSH), factor=Factor.PUSH)


def _not_approved(prompt: Prompt | None, scene: Scene) -> Refusal | None:
    if Factor.PUSH in scene.account.suspended:
        return Refusal.FACTOR_SUSPENDED
    if prompt is None or prompt.state is not PromptState.APPROVED:
        return Refusal.PROMPT_NOT_APPROVED
    return None if approves(prompt, scene) else Refusal.PROMPT_EXPIRED
