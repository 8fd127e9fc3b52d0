"""Giving and taking the roles of staff: by the operator alone, or by two administrators."""

from renumber.domain.outcomes import Step
from renumber.domain.support.staff import SLOT, Role, Staff, StaffMember, newcomer
from renumber.flows.act import Act, by_operator
from renumber.flows.consequences import end_sessions
from renumber.flows.support.ports import SupportServices


@by_operator
async def give_role(act: Act, role: Role) -> Step[StaffMember]:
    """Give an account a role, or another one than it had; whoever works with the old one signs in anew."""
    member = await _member(act)
    end_sessions(act)
    return act.carry_out(member.give(role, act.now, by=_operator(act)))


@by_operator
async def take_role(act: Act) -> Step[StaffMember]:
    """Take the role away: the console is closed with the next request."""
    member = await _member(act)
    step = member.remove(by=_operator(act))
    if step.refusal is None:
        end_sessions(act)
    return act.carry_out(step)


async def _member(act: Act) -> StaffMember:
    return await act.work.load(StaffMember, SLOT) or newcomer(act.account.account_id)


def _operator(act: Act) -> str:
    return f"operator {act.client.operator}".strip()


async def staff_of(support: SupportServices, account_id: str) -> Staff | None:
    """Say as whom an account may enter the console, if it may at all."""
    member = await support.reads.staff_member(account_id)
    return Staff(account_id, member.role) if member and member.role else None
