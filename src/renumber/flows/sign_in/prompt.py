"""Asking the account's devices about a sign-in: bounded, one thing at a time."""

from collections.abc import Sequence
from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.message import Channel, Message, Notice
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.flows.attempts import status_of
from renumber.flows.consequences import Scene, conclude
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota, UnitOfWork
from renumber.flows.sign_in.in_progress import SignInInProgress, SignInResult
from renumber.policies.limits import push_allowances


async def ask_devices(work: UnitOfWork, in_progress: SignInInProgress) -> SignInResult:
    """Ask, unless this sign-in has a prompt that still counts: turning to push again asks nothing twice."""
    standing = await newest_prompt(work, in_progress.sign_in.sign_in_id)
    if standing and (standing.examine(in_progress.scene.now) is None or approves(standing, in_progress.scene)):
        return in_progress.result()
    asked = await prompt_devices(work, in_progress)
    return in_progress.result(open_at=asked.open_at)


def approves(prompt: Prompt, scene: Scene) -> bool:
    """Whether it was approved, not so long ago that nobody can be waiting any more (NIST SP 800-63B-4 3.1.3.1)."""
    return prompt.approves_at(scene.now, scene.services.rules.limits.code_for)


async def newest_prompt(work: UnitOfWork, sign_in_id: str) -> Prompt | None:
    """What was asked last on behalf of a sign-in."""
    own = [prompt for prompt in await work.load_all(Prompt) if prompt.sign_in_id == sign_in_id]
    return max(own, key=lambda prompt: (prompt.asked_at, prompt.state is PromptState.PENDING), default=None)


async def prompt_devices(work: UnitOfWork, in_progress: SignInInProgress) -> Step[Prompt | None]:
    """Ask every device, in place of whatever they were asked before."""
    scene = in_progress.scene
    devices = await trusted_devices(work, scene)
    refusal = Refusal.FACTOR_SUSPENDED if Factor.PUSH in scene.account.suspended else None
    refusal = refusal or (None if devices else Refusal.FACTOR_UNKNOWN)
    open_at = None if refusal else await work.take([_quota(scene)], scene.now)
    if refusal or open_at:
        refusal = refusal or Refusal.SEND_LIMIT_REACHED
        conclude(work, scene, (), refusal=refusal)
        return Step(None, refusal=refusal, open_at=open_at)
    await _replace_pending(work, scene)
    prompt = _new_prompt(in_progress)
    work.keep(prompt)
    work.record((), [_wake(scene, prompt, device) for device in devices if device.subscription])
    conclude(work, replace(scene, subject=prompt.prompt_id), (Fact.PUSH_ASKED,))
    return Step(prompt)


async def trusted_devices(work: UnitOfWork, scene: Scene) -> Sequence[Device]:
    """Those that can answer: neither removed, nor there when one of them was reported lost."""
    tries = await status_of(work, scene, Factor.PUSH)
    return [device for device in await work.load_all(Device) if device.is_live and tries.trusts(device.made_at)]


def _quota(scene: Scene) -> Quota:
    key = scene.services.secrets.fingerprints(KeyedHash.SENDS_PUSH, scene.account.account_id)[0]
    return Quota(key, push_allowances(scene.services.rules.limits))


async def _replace_pending(work: UnitOfWork, scene: Scene) -> None:
    for prompt in await work.load_all(Prompt):
        if prompt.state is PromptState.PENDING:
            work.keep(prompt.replace_by_newer(scene.now))


def _new_prompt(in_progress: SignInInProgress) -> Prompt:
    scene = in_progress.scene
    secrets, client = scene.services.secrets, scene.client
    return Prompt(
        scene.account.account_id,
        secrets.new_id(),
        in_progress.sign_in.sign_in_id,
        secrets.current,
        client.browser,
        client.ip,
        asked_at=scene.now,
        expires_at=scene.now + scene.services.rules.limits.push_for,
    )


def _wake(scene: Scene, prompt: Prompt, device: Device) -> Message:
    """Nothing secret is in it, and nothing but an id: push services and lock screens see it."""
    account = scene.account
    place = (scene.services.secrets.new_id(), account.account_id, Channel.PUSH, Notice.SIGN_IN_PROMPT)
    return Message(*place, device.device_id, account.locale, {"prompt": prompt.prompt_id}, scene.now, prompt.expires_at)
