"""Asking the account's devices about a sign-in: bounded, one thing at a time."""

from collections.abc import Sequence
from dataclasses import replace

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt, PromptPurpose, PromptState
from renumber.flows.act import Act
from renumber.flows.attempts import status_of
from renumber.flows.consequences import wake
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.sign_in.in_progress import SignInAct
from renumber.policies.limits import push_allowances


async def ask_devices(act: SignInAct) -> None:
    """Ask, unless this sign-in has a prompt that still counts: turning to push again asks nothing twice."""
    standing = await newest_prompt(act)
    if standing and (standing.examine(act.now) is None or approves(act, standing)):
        return
    await prompt_devices(act)


def approves(act: Act, prompt: Prompt) -> bool:
    """Tell whether it was approved, not so long ago that nobody can be waiting any more (NIST SP 800-63B-4 3.1.3.1)."""
    return prompt.approves_at(act.now, act.limits.code_for)


async def newest_prompt(act: SignInAct) -> Prompt | None:
    """Find the prompt that was asked last on behalf of this sign-in."""
    own = [prompt for prompt in await act.work.load_all(Prompt) if prompt.sign_in_id == act.sign_in.sign_in_id]
    return max(own, key=lambda prompt: (prompt.asked_at, prompt.state is PromptState.PENDING), default=None)


async def prompt_devices(act: SignInAct) -> Step[None]:
    """Ask every device, in place of whatever they were asked before."""
    devices = await trusted_devices(act)
    bar = act.account.bar(Factor.PUSH)
    if bar:
        return act.refuse(bar)
    if not devices:
        return act.refuse(Refusal.FACTOR_UNKNOWN)
    open_at = await act.work.take([_quota(act)], act.now)
    if open_at:
        return act.refuse(Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    await _replace_pending(act)
    prompt = _new_prompt(act)
    act.keep(prompt)
    for device in devices:
        if device.subscription:
            wake(act, device.device_id, prompt_id=prompt.prompt_id, until=prompt.expires_at)
    return replace(act, subject=prompt.prompt_id).done(None, Fact.PUSH_ASKED)


async def trusted_devices(act: Act) -> Sequence[Device]:
    """Load the devices that can answer: neither removed, nor there when one of them was reported lost."""
    status = await status_of(act, Factor.PUSH)
    return [device for device in await act.work.load_all(Device) if device.is_live and status.trusts(device.made_at)]


def _quota(act: Act) -> Quota:
    keys = act.services.secrets.fingerprints(KeyedHash.SENDS_PUSH, act.account.account_id)
    return Quota(keys, push_allowances(act.limits))


async def _replace_pending(act: Act) -> None:
    for prompt in await act.work.load_all(Prompt):
        if prompt.state is PromptState.PENDING and prompt.purpose is PromptPurpose.SIGN_IN:
            act.keep(prompt.replace_by_newer(act.now))


def _new_prompt(act: SignInAct) -> Prompt:
    return Prompt(
        account_id=act.account.account_id,
        prompt_id=act.services.secrets.new_id(),
        sign_in_id=act.sign_in.sign_in_id,
        key_id=act.services.secrets.current,
        browser=act.client.browser,
        ip=act.client.ip,
        asked_at=act.now,
        expires_at=act.now + act.limits.push_for,
    )
