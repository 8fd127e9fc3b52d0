"""The newest check of an account: found by its id, and ended by whatever makes it void."""

from dataclasses import replace

from renumber.domain.support.caller_check import SLOT, CallerCheck
from renumber.flows.act import Act


async def named_check(act: Act, check_id: str) -> CallerCheck | None:
    """Load the account's newest check, if it is this one."""
    check = await act.work.load(CallerCheck, SLOT)
    return check if check and check.check_id == check_id else None


async def withdraw_standing(act: Act) -> CallerCheck | None:
    """End the check that stands, if one does: another takes its place, or the account is frozen; give the newest."""
    check = await act.work.load(CallerCheck, SLOT)
    if check is None or not check.is_open_at(act.now):
        return check
    return replace(act, subject=check.check_id).carry_out(check.withdraw(act.now)).state
