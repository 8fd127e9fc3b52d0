"""The acts of staff on an account: look and note, and help that does no more than the owner could by themselves."""

from collections.abc import Mapping
from dataclasses import replace

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.flows.account.freeze import freeze_account
from renumber.flows.attempts import restore
from renumber.flows.consequences import end_sessions
from renumber.flows.phone_change.request import lacks_factor, send_newer_link, standing_change
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.support.opening import StaffAct, at_desk, by_staff
from renumber.policies.limits import look_allowances
from renumber.policies.support.acts import SupportAct


@at_desk(SupportAct.FIND)
async def begin_search(act: StaffAct) -> Step[Account]:
    """Count a search before anything is looked up, also one that finds nothing; the agent's own history keeps it."""
    open_at = await act.work.take([_quota(act, KeyedHash.SEARCHES_OF_STAFF)], act.now)
    if open_at:
        return act.refuse(Refusal.TOO_MANY_LOOKS, act.account, open_at=open_at)
    return act.done(act.account, Fact.STAFF_SEARCHED)


@by_staff(SupportAct.LOOK)
async def look(act: StaffAct) -> Step[Account]:
    """Look at an account, which its history keeps and its owner can see; so many in an hour and no more."""
    open_at = await act.work.take([_quota(act, KeyedHash.LOOKS_OF_STAFF)], act.now)
    if open_at:
        return act.refuse(Refusal.TOO_MANY_LOOKS, act.account, open_at=open_at)
    return act.done(act.account, Fact.STAFF_LOOKED)


def _quota(act: StaffAct, kind: KeyedHash) -> Quota:
    return Quota(act.services.secrets.fingerprints(kind, act.staff.account_id), look_allowances(act.limits))


@by_staff(SupportAct.NOTE)
async def note(act: StaffAct) -> Step[Account]:
    """Leave a note for colleagues: the reason that is given is the note."""
    return act.done(act.account, Fact.STAFF_NOTED)


@by_staff(SupportAct.SEND_LINK_AGAIN)
async def send_link_by_staff(act: StaffAct) -> Step[PhoneChange | None]:
    """Send the owner's mailbox a newer link for the change that they have asked for, within the owner's own limits.

    The change carries its proof. Where the password was renewed by mail since, the mailbox would count twice.
    """
    change = await standing_change(act)
    refusal = _bar_of_link(act)
    if refusal or change is None:
        return act.refuse(refusal or Refusal.NO_OPEN_CHANGE, change)
    return await send_newer_link(act, change)


def _bar_of_link(act: StaffAct) -> Refusal | None:
    if act.account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if act.account.doubts_password(act.now, act.limits.mailed_password_for):
        return Refusal.NEEDS_OLDER_FACTOR
    return Refusal.NEEDS_ANOTHER_FACTOR if lacks_factor(act) else None


@by_staff(SupportAct.CANCEL_CHANGE)
async def cancel_change_by_staff(act: StaffAct) -> Step[PhoneChange | None]:
    """Take a request back while the number is still bound; once it is reset, only the way on is left."""
    change = await act.work.open_change()
    if change is None:
        return act.refuse(Refusal.NO_OPEN_CHANGE)
    about = replace(act, subject=change.change_id)
    step = about.carry_out(change.cancel(act.now))
    if step.refusal is None:
        _tell_of(about, SupportAct.CANCEL_CHANGE)
    return step


@by_staff(SupportAct.RESTORE_FACTOR)
async def restore_by_staff(act: StaffAct) -> Step[Account]:
    """Open what wrong codes have paused, as a code to the mailbox would: never what is lost, nor what is disabled.

    The guesses so far still count, so that nobody who fools an agent goes on guessing for ever (NIST 3.2.2).
    """
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN, act.account)
    before = act.account.suspended
    await restore(act, *sorted(act.account.second_factors | {Factor.PHONE}), Factor.NEW_NUMBER)
    if act.account.suspended == before:
        return act.refuse(Refusal.NOTHING_TO_LIFT, act.account)
    _tell_of(act, SupportAct.RESTORE_FACTOR)
    return act.done(act.account)


@by_staff(SupportAct.END_SESSIONS)
async def end_sessions_by_staff(act: StaffAct) -> Step[Account]:
    """Sign everybody out of the account; the owner signs in again by the usual way."""
    sessions = await act.work.load_all(Session)
    if not any(each.is_live(act.now, act.limits.idle_for) for each in sessions):
        return act.refuse(Refusal.NO_SESSIONS, act.account)
    end_sessions(act)
    return act.done(act.account, Fact.SESSIONS_ENDED)


@by_staff(SupportAct.FREEZE)
async def freeze_by_staff(act: StaffAct) -> Step[Account]:
    """Freeze the account, as its owner could by any notice."""
    return await freeze_account(act)


def _tell_of(act: StaffAct, help_given: SupportAct) -> None:
    """Tell the owner of help that no other message tells of."""
    told: Mapping[str, str] = {**act.extra, "help": help_given.value}
    replace(act, extra=told).record(Fact.STAFF_HELPED)
