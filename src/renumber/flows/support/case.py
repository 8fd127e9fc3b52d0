"""The one open case of an account: found, opened for whoever asks, and stopped."""

from dataclasses import replace
from typing import TypeVar

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import SLOT, CallerCheck
from renumber.domain.support.case_evidence import CaseEvidence, EvidenceKind
from renumber.domain.support.recovery_case import APPROVED, RecoveryCase
from renumber.domain.support.recovery_case import open_case as new_case
from renumber.flows.act import Act
from renumber.policies.support.caller import is_evidence
from renumber.policies.support.recovery import case_number, written

Told = TypeVar("Told", bound=Act)


async def open_case_of(act: Act) -> RecoveryCase | None:
    """Load the case of the account that can still go on, if there is one."""
    return next((case for case in await act.work.load_all(RecoveryCase) if case.is_open), None)


async def begin_case(act: Act, *, by: str, evidence: tuple[EvidenceKind, ...] = ()) -> Step[RecoveryCase | None]:
    """Open a case for whoever asks, with what has come true by itself; one at a time, and none while frozen."""
    if act.account.is_frozen:
        return act.refuse(Refusal.ACCOUNT_FROZEN)
    if standing := await open_case_of(act):
        return about_case(act, standing).refuse(Refusal.CASE_ALREADY_OPEN)
    secrets, rules = act.services.secrets, act.services.rules.recovery
    case_id, number = secrets.new_id(), case_number(secrets.new_id())
    begun = new_case(act.account.account_id, case_id, number, by=by, now=act.now, open_for=rules.open_for)
    pieces = tuple(CaseEvidence(kind=kind, by=by, at=act.now) for kind in evidence)
    step = carry_out(act, replace(begun, state=replace(begun.state, evidence=pieces)))
    return replace(step, state=await add_caller(act) or step.state)


async def add_caller(act: Act) -> RecoveryCase | None:
    """Let a caller's proof of this call stand in the case that collects evidence, once; whoever asked worked on it."""
    check, case = await act.work.load(CallerCheck, SLOT), await open_case_of(act)
    if check is None or case is None or not is_evidence(check, act.now, act.services.rules.caller):
        return None
    method = check.method.value if check.method else ""
    piece = CaseEvidence(kind=EvidenceKind.CALLER, by=check.asked_by, at=act.now, reference=method)
    step = case.add_evidence(piece)
    if step.refusal:
        return None
    act.keep(check.become_evidence(act.now))
    return carry_out(act, step).state


async def stop_case(act: Act) -> RecoveryCase | None:
    """Cancel the open case, if there is one: its owner, a freeze or a colleague ends it."""
    case = await open_case_of(act)
    return carry_out(act, case.cancel(act.now)).state if case else None


async def stop_approved_case(act: Act) -> None:
    """Cancel the case whose wait was set before the mailbox vouched for the password as well (NIST 3.1.3.1)."""
    case = await open_case_of(act)
    if case and case.state in APPROVED:
        carry_out(act, case.cancel(act.now))


def about_case(act: Told, case: RecoveryCase) -> Told:
    """The same act, about this case, with messages that name it and say until when it waits."""
    until = {"wait_until": case.over_at.isoformat()} if case.over_at else {}
    return replace(act, subject=case.case_id, extra={**act.extra, "case": written(case.number), **until})


def carry_out(act: Act, step: Step[RecoveryCase]) -> Step[RecoveryCase]:
    """Do what a verb of the case has decided, and tell of it as it stands now."""
    return about_case(act, step.state).carry_out(step)
