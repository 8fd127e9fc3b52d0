"""Views of a prompt: on the sign-in page that waits for its answer, and on the device that is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from renumber.domain.factor import Factor
from renumber.domain.push.device import Device
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.flows.push.answer import digits_for
from renumber.flows.services import Services
from renumber.flows.views import Progress


class PromptStage(StrEnum):
    """The state of a prompt as the sign-in page words it."""

    SUSPENDED = "suspended"
    UNSENT = "unsent"
    WAITING = "waiting"
    APPROVED = "approved"
    DENIED = "denied"
    GUESSED = "guessed"
    EXPIRED = "expired"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptView:
    """The prompt that a sign-in waits for; digits and devices are there only while an answer can still come."""

    stage: PromptStage
    prompt: Prompt | None
    digits: str = field(default="", repr=False)
    devices: Sequence[Device] = ()

    @property
    def expires_at(self) -> datetime | None:
        """The end of the time in which it can be answered."""
        return self.prompt.expires_at if self.prompt else None


async def prompt_view(services: Services, progress: Progress) -> PromptView:
    """Read the prompt that the page of a sign-in shows."""
    account_id = progress.account.account_id
    prompt = await services.reads.prompt_of(account_id, progress.sign_in.sign_in_id)
    stage = _stage(services, progress, prompt)
    if prompt is None or stage is not PromptStage.WAITING:
        return PromptView(stage=stage, prompt=prompt)
    return PromptView(
        stage=stage,
        prompt=prompt,
        digits=digits_for(services, prompt),
        devices=await services.reads.devices(account_id),
    )


def _stage(services: Services, progress: Progress, prompt: Prompt | None) -> PromptStage:
    """Name the stage; an approval that was never fetched is over at some time."""
    if Factor.PUSH in progress.account.suspended:
        return PromptStage.SUSPENDED
    if prompt is None:
        return PromptStage.UNSENT
    now, approval_for = services.clock.now(), services.rules.limits.code_for
    match prompt.state_at(now):
        case PromptState.PENDING:
            return PromptStage.WAITING
        case PromptState.APPROVED:
            return PromptStage.APPROVED if prompt.approves_at(now, approval_for) else PromptStage.EXPIRED
        case PromptState.DENIED:
            return PromptStage.GUESSED if prompt.was_guessed_at else PromptStage.DENIED
        case PromptState.REPLACED:
            return PromptStage.REPLACED
        case PromptState.EXPIRED:
            return PromptStage.EXPIRED


async def is_pending(services: Services, prompt: Prompt) -> bool:
    """Tell whether a prompt still waits for its answer; cheap, for pages ask it again and again."""
    return await services.reads.is_pending(prompt.account_id, prompt.prompt_id, services.clock.now())


async def account_of(services: Services, device: Device) -> str:
    """The masked address of the account that a device answers for."""
    account = await services.store.find_account(device.account_id)
    return account.email.masked if account else ""
