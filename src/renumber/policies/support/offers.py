"""The acts on a case and the queues of cases that the console offers to somebody of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.domain.support.recovery_case import CaseState, RecoveryCase
from renumber.domain.support.staff import Staff
from renumber.policies.support.acts import SupportAct, may

DECISIONS = frozenset({SupportAct.SEND_BACK_CASE, SupportAct.APPROVE_CASE, SupportAct.REFUSE_CASE})
IN_STATE: dict[CaseState, frozenset[SupportAct]] = {
    CaseState.COLLECTING: frozenset(
        {SupportAct.ADD_EVIDENCE, SupportAct.HAND_OVER, SupportAct.SUBMIT_CASE, SupportAct.CANCEL_CASE}
    ),
    CaseState.IN_REVIEW: DECISIONS | {SupportAct.CANCEL_CASE},
    CaseState.WAITING: frozenset({SupportAct.CANCEL_CASE}),
    CaseState.READY: frozenset({SupportAct.CANCEL_CASE}),
}
SOON = timedelta(days=1)


def offered(case: RecoveryCase, staff: Staff) -> frozenset[SupportAct]:
    """Name the acts on a case that its page offers; whoever decides takes no case over, and so can still decide."""
    barred = DECISIONS if case.bars(staff.account_id) else frozenset()
    fitting = {act for act in IN_STATE.get(case.state, frozenset()) - barred if may(staff.role, act)}
    return frozenset(fitting - ({SupportAct.HAND_OVER} if may(staff.role, SupportAct.APPROVE_CASE) else set()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """The open cases in the queues of somebody of staff; a case may stand in more than one."""

    mine: Sequence[RecoveryCase]
    to_review: Sequence[RecoveryCase]
    free: Sequence[RecoveryCase]
    due: Sequence[RecoveryCase]


def queues_of(staff: Staff, cases: Sequence[RecoveryCase], now: datetime) -> Queues:
    """Sort open cases for one person: theirs, those to decide on, those nobody has, and what comes within a day."""
    soon = [case for case in cases if case.due_at and case.due_at < now + SOON]
    return Queues(
        mine=[case for case in cases if case.handled_by == staff.account_id],
        to_review=[case for case in cases if SupportAct.APPROVE_CASE in offered(case, staff)],
        free=[case for case in cases if case.state is CaseState.COLLECTING and not case.handled_by],
        due=sorted(soon, key=lambda case: case.due_at or now),
    )
