"""A recovery case: the way back for somebody who has password and mailbox, and no factor any more.

Evidence is collected, another person approves it, a time passes in which every channel is told and can stop it, and a
link to the mailbox ends it (NIST SP 800-63B-4 section 4.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.case_evidence import BY_OURSELVES, COMPANY_WORDS, CaseEvidence, EvidenceKind, weigh


class CaseState(StrEnum):
    """The state of a case; recovery_case.mmd draws them all."""

    COLLECTING = "collecting"
    IN_REVIEW = "in_review"
    WAITING = "waiting"
    READY = "ready"
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


PROGRESS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.COLLECTING: frozenset({CaseState.IN_REVIEW, CaseState.CANCELLED, CaseState.EXPIRED}),
    CaseState.IN_REVIEW: frozenset(
        {CaseState.COLLECTING, CaseState.WAITING, CaseState.REFUSED, CaseState.CANCELLED, CaseState.EXPIRED}
    ),
    CaseState.WAITING: frozenset({CaseState.READY, CaseState.CANCELLED}),
    CaseState.READY: frozenset({CaseState.COMPLETED, CaseState.CANCELLED, CaseState.EXPIRED}),
    CaseState.COMPLETED: frozenset(),
    CaseState.REFUSED: frozenset(),
    CaseState.CANCELLED: frozenset(),
    CaseState.EXPIRED: frozenset(),
}
OPEN = frozenset(state for state, onward in PROGRESS.items() if onward)
APPROVED = frozenset({CaseState.WAITING, CaseState.READY, CaseState.COMPLETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCase:
    """One case. People are named by the ids of their accounts; `opened_by` is the owner's own where they asked.

    `number` is what people say on the phone. `seen_by` are those of staff who have worked on it: none of them approves.
    """

    account_id: str
    case_id: str
    number: str
    state: CaseState
    opened_by: str
    opened_at: datetime
    expires_at: datetime
    evidence: tuple[CaseEvidence, ...] = ()
    seen_by: frozenset[str] = frozenset()
    handled_by: str = ""
    submitted_by: str = ""
    submitted_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    over_at: datetime | None = None
    tell_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0

    @property
    def is_open(self) -> bool:
        """True if the case can still go on."""
        return self.state in OPEN

    @property
    def due_at(self) -> datetime | None:
        """The time when the next thing comes by itself: everybody is told again, the wait is over, or it expires."""
        if self.state is CaseState.WAITING:
            return min((each for each in (self.over_at, self.tell_at) if each), default=None)
        return self.expires_at if self.is_open else None

    @property
    def has_factor(self) -> bool:
        """True if some factor of the account was proven on the way: then a shorter time is enough."""
        return any(each.kind is EvidenceKind.FACTOR for each in self.evidence)

    def weight(self, weights: Mapping[EvidenceKind, int]) -> int:
        """Add up what the evidence weighs; a second piece of the same kind adds nothing."""
        return weigh((each.kind for each in self.evidence), weights)

    def bars(self, by: str) -> Refusal | None:
        """Say why somebody is not the second person: the owner, whoever opened it, or whoever worked on it."""
        if by == self.account_id:
            return Refusal.OWN_ACCOUNT
        is_first = by in {self.opened_by, self.submitted_by} or by in self.seen_by
        return Refusal.NEEDS_SECOND_PERSON if is_first else None

    def add_by_hand(self, piece: CaseEvidence) -> Step["RecoveryCase"]:
        """Take down what somebody of staff has made sure of; some kinds come true by themselves, or not at all."""
        return Step(self, refusal=Refusal.NOT_NOW) if piece.kind in BY_OURSELVES else self.add_evidence(piece)

    def add_evidence(self, piece: CaseEvidence) -> Step["RecoveryCase"]:
        """Take down a piece of evidence; whoever does so has worked on the case."""
        if self.state is not CaseState.COLLECTING:
            return Step(self, refusal=self._why_not())
        added = replace(self._worked_on(piece.by), evidence=(*self.evidence, piece))
        return Step(added, (Fact.CASE_EVIDENCE_ADDED,))

    def take_word(self, piece: CaseEvidence) -> Step["RecoveryCase"]:
        """Take down the word of an administrator of the owner's company, given once: yes weighs, no is there to see."""
        if piece.by == self.account_id:
            return Step(self, refusal=Refusal.OWN_ACCOUNT)
        if any(each.kind in COMPANY_WORDS for each in self.evidence):
            return Step(self, refusal=Refusal.COMPANY_ANSWERED)
        step = self.add_evidence(piece)
        fact = Fact.CASE_VOUCHED if piece.kind is EvidenceKind.COMPANY else Fact.CASE_DENIED
        return step if step.refusal else replace(step, facts=(fact,))

    def hand_over(self, to: str, *, by: str) -> Step["RecoveryCase"]:
        """Give the case to a colleague; an empty `to` puts it back to where anybody may take it."""
        if not self.is_open:
            return Step(self, refusal=self._why_not())
        return Step(replace(self._worked_on(by), handled_by=to), (Fact.CASE_HANDED_OVER,))

    def submit(
        self, now: datetime, *, by: str, weights: Mapping[EvidenceKind, int], needed: int
    ) -> Step["RecoveryCase"]:
        """Ask for a review, with evidence that weighs enough."""
        if self.state is not CaseState.COLLECTING:
            return Step(self, refusal=self._why_not())
        if self.weight(weights) < needed:
            return Step(self, refusal=Refusal.EVIDENCE_TOO_LITTLE)
        asked = replace(self._worked_on(by)._become(CaseState.IN_REVIEW), submitted_by=by, submitted_at=now)
        return Step(asked, (Fact.CASE_SUBMITTED,))

    def send_back(self, *, by: str) -> Step["RecoveryCase"]:
        """Ask for more evidence; whoever reviews may still decide, since nothing was added by them."""
        if self.state is not CaseState.IN_REVIEW:
            return Step(self, refusal=self._why_not())
        if refusal := self.bars(by):
            return Step(self, refusal=refusal)
        return Step(self._become(CaseState.COLLECTING), (Fact.CASE_SENT_BACK,))

    def approve(self, now: datetime, *, by: str, wait_for: timedelta, tell_every: timedelta) -> Step["RecoveryCase"]:
        """Approve it as a second person; the time begins in which everybody is told and the owner can stop it."""
        if self.state is not CaseState.IN_REVIEW:
            return Step(self, refusal=self._why_not())
        if refusal := self.bars(by):
            return Step(self, refusal=refusal)
        approved = replace(self._become(CaseState.WAITING), decided_by=by, decided_at=now)
        return Step(replace(approved, over_at=now + wait_for, tell_at=now + tell_every), (Fact.CASE_APPROVED,))

    def decline(self, now: datetime, *, by: str) -> Step["RecoveryCase"]:
        """Refuse it as a second person."""
        if self.state is not CaseState.IN_REVIEW:
            return Step(self, refusal=self._why_not())
        if refusal := self.bars(by):
            return Step(self, refusal=refusal)
        refused = replace(self._become(CaseState.REFUSED), decided_by=by, decided_at=now, closed_at=now)
        return Step(refused, (Fact.CASE_REFUSED,))

    def remind(self, now: datetime, *, tell_every: timedelta) -> Step["RecoveryCase"]:
        """Tell every channel again that the case goes on, once in a while."""
        if self.state is not CaseState.WAITING or self.tell_at is None or now < self.tell_at:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self, tell_at=now + tell_every), (Fact.CASE_REMINDED,))

    def get_ready(self, now: datetime, *, link_for: timedelta) -> Step["RecoveryCase"]:
        """End the waiting: the mailbox gets the link that the person goes on with."""
        if self.state is not CaseState.WAITING or self.over_at is None or now < self.over_at:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self._become(CaseState.READY), expires_at=now + link_for), (Fact.CASE_READY,))

    def complete(self, now: datetime) -> Step["RecoveryCase"]:
        """Use the link: the person goes on to a new number."""
        if self.state is not CaseState.READY:
            return Step(self, refusal=self._why_not())
        if now >= self.expires_at:
            return replace(self.expire(now), refusal=Refusal.CASE_EXPIRED)
        return Step(replace(self._become(CaseState.COMPLETED), closed_at=now), (Fact.CASE_COMPLETED,))

    def cancel(self, now: datetime) -> Step["RecoveryCase"]:
        """Stop it, by its owner or by staff; what was collected counts for no other case."""
        if not self.is_open:
            return Step(self, refusal=self._why_not())
        return Step(replace(self._become(CaseState.CANCELLED), closed_at=now), (Fact.CASE_CANCELLED,))

    def expire(self, now: datetime) -> Step["RecoveryCase"]:
        """Close a case that nobody went on with; one that waits has its own end."""
        if not self.is_open or self.state is CaseState.WAITING or now < self.expires_at:
            return Step(self, refusal=Refusal.NOT_NOW)
        return Step(replace(self._become(CaseState.EXPIRED), closed_at=now), (Fact.CASE_EXPIRED,))

    def _worked_on(self, by: str) -> "RecoveryCase":
        return replace(self, seen_by=self.seen_by | {by})

    def _why_not(self) -> Refusal:
        return Refusal.NOT_NOW if self.is_open else Refusal.CASE_CLOSED

    def _become(self, state: CaseState) -> "RecoveryCase":
        assert state in PROGRESS[self.state], f"{self.state} never becomes {state}"
        return replace(self, state=state)


def open_case(
    account_id: str, case_id: str, number: str, *, by: str, now: datetime, open_for: timedelta
) -> Step[RecoveryCase]:
    """Open a case, by the owner or for them; nothing about the account changes yet."""
    case = RecoveryCase(
        account_id=account_id,
        case_id=case_id,
        number=number,
        state=CaseState.COLLECTING,
        opened_by=by,
        opened_at=now,
        expires_at=now + open_for,
        handled_by="" if by == account_id else by,
    )
    return Step(case, (Fact.CASE_OPENED,))
