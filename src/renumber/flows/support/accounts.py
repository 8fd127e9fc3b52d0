"""The acts of staff on an account: look, note, freeze."""

from renumber.domain.account import Account
from renumber.domain.outcomes import Fact, Step
from renumber.flows.account.freeze import freeze_account
from renumber.flows.support.opening import StaffAct, by_staff
from renumber.policies.support.acts import SupportAct


@by_staff(SupportAct.LOOK)
async def look(act: StaffAct) -> Step[Account]:
    """Look at an account, which its history keeps and its owner can see."""
    return act.done(act.account, Fact.STAFF_LOOKED)


@by_staff(SupportAct.NOTE)
async def note(act: StaffAct) -> Step[Account]:
    """Leave a note for colleagues: the reason that is given is the note."""
    return act.done(act.account, Fact.STAFF_NOTED)


@by_staff(SupportAct.FREEZE)
async def freeze_by_staff(act: StaffAct) -> Step[Account]:
    """Freeze the account, as its owner could by any notice."""
    return await freeze_account(act)
