"""Giving and taking the roles of staff: by the operator alone, or by two administrators."""

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.staff import SLOT, Role, Staff, StaffMember, newcomer
from renumber.flows.act import Act, by_operator
from renumber.flows.consequences import end_sessions
from renumber.flows.support.opening import StaffAct, by_staff
from renumber.flows.support.ports import SupportServices
from renumber.policies.support.acts import SupportAct


@by_operator
async def give_role(act: Act, role: Role) -> Step[StaffMember]:
    """Give an account a role, or another one than it had; whoever works with the old one signs in anew."""
    member = await _member(act)
    if await _comes_from_provider(act):
        return act.refuse(Refusal.STAFF_ADDRESS_TAKEN, member)
    return _changed(act, member.give(role, act.now, by=_operator(act)))


@by_operator
async def take_role(act: Act) -> Step[StaffMember]:
    """Take the role away: the console is closed with the next request."""
    member = await _member(act)
    return _changed(act, member.remove(act.now, by=_operator(act)))


@by_operator
async def readmit(act: Act) -> Step[StaffMember]:
    """Let somebody from the company's identity provider in again whom `take_role` or a colleague had blocked."""
    member = await _member(act)
    return act.carry_out(member.readmit(by=_operator(act)))


@by_staff(SupportAct.PROPOSE_ROLE)
async def propose_role(act: StaffAct, role: Role) -> Step[StaffMember]:
    """Propose a role for somebody else, which another administrator has to confirm."""
    member = await _member(act)
    if await _comes_from_provider(act):
        return act.refuse(Refusal.STAFF_ADDRESS_TAKEN, member)
    return act.carry_out(member.propose(role, act.now, by=act.staff.account_id))


@by_staff(SupportAct.CONFIRM_ROLE)
async def confirm_role(act: StaffAct, role: Role) -> Step[StaffMember]:
    """Confirm the role that a colleague has proposed, if it is still the one that was seen; its sessions end."""
    member = await _member(act)
    if member.proposed is not role:
        return act.refuse(Refusal.NOT_NOW, member)
    if await _comes_from_provider(act):
        return act.refuse(Refusal.STAFF_ADDRESS_TAKEN, member)
    return _changed(act, member.confirm(act.now, by=act.staff.account_id))


@by_staff(SupportAct.REMOVE_STAFF)
async def remove_staff(act: StaffAct) -> Step[StaffMember]:
    """Take somebody's role away, and whatever was proposed for them."""
    member = await _member(act)
    return _changed(act, member.remove(act.now, by=act.staff.account_id))


def _changed(act: Act, step: Step[StaffMember]) -> Step[StaffMember]:
    """Carry out a change of a role; whoever works with the one before signs in anew."""
    if step.refusal is None:
        end_sessions(act)
    return act.carry_out(step)


async def _comes_from_provider(act: Act) -> bool:
    """True if somebody works here under this address already: two roles would be two people to every other rule."""
    return await act.work.staff_with(act.account.email) not in (None, act.account.account_id)


async def _member(act: Act) -> StaffMember:
    return await act.work.load(StaffMember, SLOT) or newcomer(act.account.account_id)


def _operator(act: Act) -> str:
    return f"operator {act.client.operator}".strip()


async def staff_of(support: SupportServices, account_id: str, *, is_from_provider: bool = False) -> Staff | None:
    """Say as whom an account may enter the console, if it may at all, by a session of its kind."""
    member = await support.reads.staff_member(account_id)
    if member is None or member.role is None or member.is_from_provider is not is_from_provider:
        return None
    return Staff(account_id, member.role)
