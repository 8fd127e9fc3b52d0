"""Views of a check: for the console, and for the caller, whose page shows nothing of the account."""

from dataclasses import dataclass, field
from datetime import datetime

from renumber.domain.factor import Factor
from renumber.domain.push.prompt import Prompt, PromptState
from renumber.domain.support.caller_check import CallerCheck
from renumber.domain.support.staff import Staff
from renumber.flows.push.answer import digits_for
from renumber.flows.services import Services
from renumber.flows.support.caller.opening import CallerTicket, number_of
from renumber.flows.support.ports import CallerReads
from renumber.policies.support.caller import CallerStand, caller_stand

STANDS_OPEN = frozenset({CallerStand.ASKED, CallerStand.OPENED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """The caller as the console shows them; the number is there for whoever asked, as long as it can be used."""

    stand: CallerStand
    check: CallerCheck | None
    number: str = field(default="", repr=False)

    @property
    def is_open(self) -> bool:
        """True while it can still be proven."""
        return self.stand in STANDS_OPEN


def caller_view(services: Services, check: CallerCheck | None, staff: Staff) -> CallerView:
    """Say whether the caller has proven themselves, and which number to read out."""
    stand = caller_stand(check, services.clock.now(), services.rules.caller)
    is_read_out = stand is CallerStand.ASKED and check is not None and check.number_key is not None
    if check is None or not is_read_out or check.asked_by != staff.account_id:
        return CallerView(stand=stand, check=check)
    return CallerView(stand=stand, check=check, number=number_of(services, check))


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """The page of a check: where it stands, and the digits to type on a device while they are asked for."""

    check: CallerCheck
    stand: CallerStand
    prompt: Prompt | None = None
    digits: str = field(default="", repr=False)
    resend_at: datetime | None = None
    sends_left: int = 0


async def look_at_check(services: Services, callers: CallerReads, ticket: CallerTicket) -> CheckPage | None:
    """Read the check that a browser holds; None if another has taken its place."""
    check, now, rules = await callers.check(ticket.account_id), services.clock.now(), services.rules.caller
    if check is None or check.check_id != ticket.check_id:
        return None
    prompt = await waiting_prompt(services, check)
    pause = services.rules.limits.resend_pauses[0]
    return CheckPage(
        check=check,
        stand=caller_stand(check, now, rules),
        prompt=prompt,
        digits=digits_for(services, prompt) if prompt else "",
        resend_at=check.last_sent_at + pause if check.last_sent_at else None,
        sends_left=max(0, rules.sends - check.sends),
    )


async def waiting_prompt(services: Services, check: CallerCheck) -> Prompt | None:
    """Read the prompt that waits for an answer, if the caller has chosen a device."""
    now = services.clock.now()
    if not check.awaits(Factor.PUSH, now):
        return None
    prompt = await services.reads.prompt_of(check.account_id, check.check_id)
    return prompt if prompt and prompt.state_at(now) is PromptState.PENDING else None
