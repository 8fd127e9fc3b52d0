"""The acts of staff on a recovery case: open, collect evidence, hand over, submit, and decide as a second person."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.case_evidence import CaseEvidence, EvidenceKind
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import StaffRequest
from renumber.flows.organisations.asking import ask_about_case
from renumber.flows.services import Client, Services
from renumber.flows.support.case import begin_case, carry_out, open_case_of
from renumber.flows.support.opening import CalledByStaff, StaffAct, by_staff
from renumber.policies.support.acts import SupportAct
from renumber.policies.support.recovery import tell_every, wait_for

P = ParamSpec("P")
Result = Step[RecoveryCase | None]
Verb = Callable[Concatenate[StaffAct, RecoveryCase, P], Step[RecoveryCase]]


async def open_case(services: Services, client: Client, asked: StaffRequest) -> Result:
    """Open a case for somebody who has called or written, and ask their company."""
    step = await _open_case(services, client, asked)
    await ask_about_case(services, step.state if step.refusal is None else None)
    return step


@by_staff(SupportAct.OPEN_CASE)
async def _open_case(act: StaffAct) -> Result:
    return await begin_case(act, by=act.staff.account_id)


def on_case(kind: SupportAct) -> Callable[[Verb[P]], CalledByStaff[P, RecoveryCase | None]]:
    """Open the account's open case for somebody of staff, and carry out what they decide.

    Where they name the case that they see, and it is no longer the open one, they are refused: another may have begun.
    """

    def opening(verb: Verb[P]) -> CalledByStaff[P, RecoveryCase | None]:
        @wraps(verb)
        async def decided(act: StaffAct, /, *args: P.args, **more: P.kwargs) -> Result:
            case = await open_case_of(act)
            if case is None or act.subject not in ("", case.case_id):
                return act.refuse(Refusal.CASE_CLOSED)
            return carry_out(act, verb(act, case, *args, **more))

        return by_staff(kind)(decided)

    return opening


@on_case(SupportAct.ADD_EVIDENCE)
def add_evidence(act: StaffAct, case: RecoveryCase, kind: EvidenceKind) -> Step[RecoveryCase]:
    """Take a piece of evidence down; the reason that is given says where its proof is kept."""
    reference = act.evidence.reason
    return case.add_by_hand(CaseEvidence(kind=kind, by=act.staff.account_id, at=act.now, reference=reference))


@on_case(SupportAct.HAND_OVER)
def hand_over(act: StaffAct, case: RecoveryCase, to: str) -> Step[RecoveryCase]:
    """Give the case to a colleague, or take it."""
    return case.hand_over(to, by=act.staff.account_id)


@on_case(SupportAct.SUBMIT_CASE)
def submit_case(act: StaffAct, case: RecoveryCase) -> Step[RecoveryCase]:
    """Ask a colleague to review it."""
    rules = act.services.rules.recovery
    return case.submit(act.now, by=act.staff.account_id, weights=rules.weights, needed=rules.needed)


@on_case(SupportAct.SEND_BACK_CASE)
def send_back_case(act: StaffAct, case: RecoveryCase) -> Step[RecoveryCase]:
    """Ask for more evidence."""
    return case.send_back(by=act.staff.account_id)


@on_case(SupportAct.APPROVE_CASE)
def approve_case(act: StaffAct, case: RecoveryCase) -> Step[RecoveryCase]:
    """Approve it as a second person: every channel is told, and the waiting begins."""
    rules, doubted_for = act.services.rules.recovery, act.limits.mailed_password_for
    waits = wait_for(rules, case, is_password_doubted=act.account.doubts_password(act.now, doubted_for))
    return case.approve(act.now, by=act.staff.account_id, wait_for=waits, tell_every=tell_every(rules, waits))


@on_case(SupportAct.REFUSE_CASE)
def refuse_case(act: StaffAct, case: RecoveryCase) -> Step[RecoveryCase]:
    """Refuse it as a second person."""
    return case.decline(act.now, by=act.staff.account_id)


@on_case(SupportAct.CANCEL_CASE)
def cancel_case(act: StaffAct, case: RecoveryCase) -> Step[RecoveryCase]:
    """Cancel it, since nobody needs it any more."""
    return case.cancel(act.now)
