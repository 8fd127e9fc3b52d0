"""The acts of staff around a check of a caller: ask, by a number that is read out or by mail, and withdraw it."""

from dataclasses import replace

from renumber.domain.facts import Fact
from renumber.domain.messages.link import LinkPurpose
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import SLOT, CallerCheck
from renumber.domain.support.caller_check import ask as new_check
from renumber.flows.act import Act
from renumber.flows.links import new_link
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.support.caller.opening import number_of
from renumber.flows.support.caller.standing import withdraw_standing
from renumber.flows.support.opening import StaffAct, by_staff
from renumber.policies.support.acts import SupportAct
from renumber.policies.support.caller import account_allowances, agent_allowances


@by_staff(SupportAct.CHECK_CALLER)
async def ask_caller(act: StaffAct) -> Step[CallerCheck | None]:
    """Begin a check whose number is read out; the owner is told that somebody asked."""
    begun = await _begin(act)
    if begun.state is None:
        return begun
    numbered = replace(begun.state, number_key=_number_key(act, begun.state))
    act.keep(numbered)
    return replace(act, subject=numbered.check_id).done(numbered, Fact.CALLER_ASKED)


@by_staff(SupportAct.CHECK_CALLER)
async def ask_caller_by_mail(act: StaffAct) -> Step[CallerCheck | None]:
    """Begin a check whose link goes to the mailbox on file; it has no number that anybody could read out."""
    begun = await _begin(act)
    if begun.state is None:
        return begun
    check, until = begun.state, begun.state.expires_at
    account_id, purpose = act.account.account_id, LinkPurpose.CALLER
    link, derived = new_link(act.services, account_id, purpose, subject=check.check_id, until=until)
    act.keep(check, link)
    extra = {**act.extra, "expires_at": until.isoformat()}
    told = replace(act, subject=check.check_id, action=derived, action_until=until, extra=extra)
    return told.done(check, Fact.CALLER_ASKED_BY_MAIL)


async def _begin(act: StaffAct) -> Step[CallerCheck | None]:
    """Make a check in place of the one before, so many a day and no more."""
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN)
    open_at = await act.work.take(_quotas(act), act.now)
    if open_at:
        return act.refuse(Refusal.TOO_MANY_CHECKS, open_at=open_at)
    before = await withdraw_standing(act)
    secrets = act.services.secrets
    check = new_check(
        act.account.account_id,
        secrets.new_id(),
        secrets.current,
        by=act.staff.account_id,
        now=act.now,
        open_for=act.services.rules.caller.open_for,
        version=before.version if before else 0,
    )
    return Step(check)


def _quotas(act: StaffAct) -> list[Quota]:
    hashed, rules = act.services.secrets.fingerprints, act.services.rules.caller
    return [
        Quota(hashed(KeyedHash.CHECKS_OF_ACCOUNT, act.account.account_id), account_allowances(rules)),
        Quota(hashed(KeyedHash.CHECKS_OF_STAFF, act.staff.account_id), agent_allowances(rules)),
    ]


def _number_key(act: Act, check: CallerCheck) -> bytes:
    return act.services.secrets.fingerprints(KeyedHash.NUMBER_OF_CHECK, number_of(act.services, check))[0]


@by_staff(SupportAct.CHECK_CALLER)
async def withdraw_check(act: StaffAct) -> Step[CallerCheck | None]:
    """Withdraw the check that stands, since the call is over or nobody answers."""
    check = await act.work.load(CallerCheck, SLOT)
    if check is None:
        return act.refuse(Refusal.CHECK_OVER)
    return replace(act, subject=check.check_id).carry_out(check.withdraw(act.now))
