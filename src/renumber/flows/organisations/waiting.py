"""The change that waits for a company: begun, and gone on with when its time has come."""

from dataclasses import replace

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.flows.act import Act, by_system
from renumber.flows.organisations.asking import ask_about_change
from renumber.flows.phone_change.request import send_change_link
from renumber.flows.services import Services
from renumber.policies.organisations.answering import next_telling


async def go_on_with_change(services: Services, account_id: str, change_id: str) -> Step[PhoneChange | None]:
    """Do what is due for a request: close it, send its link after the wait, or ask the administrators again."""
    step = await _go_on(services, account_id, change_id)
    await ask_about_change(services, step.state)
    return step


@by_system
async def _go_on(act: Act, change_id: str) -> Step[PhoneChange | None]:
    change, about = await act.work.load(PhoneChange, change_id), replace(act, subject=change_id)
    if change is None or not change.is_open:
        return about.refuse(Refusal.NO_OPEN_CHANGE)
    wait = change.company if change.state is ChangeState.AWAITING_COMPANY else None
    if wait is None or (wait.is_over(act.now) and not wait.goes_on):
        return about.carry_out(change.expire(act.now))
    if wait.is_over(act.now):
        return send_change_link(about, change.go_on(act.now, link_for=act.limits.link_for))
    waiting = replace(change, company=wait.tell_again(next_telling(act.now, wait.until)))
    act.keep(waiting)
    return act.done(waiting)
