"""Asking the account's devices about a call: never as a sign-in, and never in the place of one that waits."""

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.messages.message import Notice
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.prompt import Prompt, PromptPurpose, PromptState
from renumber.flows.attempts import status_of
from renumber.flows.consequences import wake
from renumber.flows.sign_in.prompt import trusted_devices
from renumber.flows.support.caller.opening import CallerAct
from renumber.policies.support.caller import takes_callers


async def ask_devices(act: CallerAct) -> Step[None]:
    """Ask every device, in place of what they were asked for this call before; the page shows digits in any case."""
    for prompt in await act.work.load_all(Prompt):
        if prompt.state is PromptState.PENDING and prompt.purpose is PromptPurpose.CALL:
            act.keep(prompt.replace_by_newer(act.now))
    prompt = _new_prompt(act)
    act.keep(prompt)
    if not takes_callers(await status_of(act, Factor.PUSH), act.limits):
        return act.refuse(Refusal.FACTOR_SUSPENDED)
    devices = await trusted_devices(act)
    if not devices:
        return act.refuse(Refusal.FACTOR_UNKNOWN)
    notice, until = Notice.CALLER_PROMPT, prompt.expires_at
    for device in devices:
        if device.subscription:
            wake(act, device.device_id, prompt_id=prompt.prompt_id, until=until, notice=notice)
    return act.done(None, Fact.CALLER_DEVICE_ASKED)


def _new_prompt(act: CallerAct) -> Prompt:
    return Prompt(
        account_id=act.account.account_id,
        prompt_id=act.services.secrets.new_id(),
        sign_in_id=act.check.check_id,
        key_id=act.services.secrets.current,
        browser=act.client.browser,
        ip=act.client.ip,
        asked_at=act.now,
        expires_at=act.now + act.limits.push_for,
        purpose=PromptPurpose.CALL,
    )
