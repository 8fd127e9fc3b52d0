"""Each verb of a recovery case in each of its states, and who is a second person."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.case_evidence import CaseEvidence, EvidenceKind
from renumber.domain.support.recovery_case import OPEN, CaseState, RecoveryCase, open_case
from tests.builders import A_DAY, ACCOUNT, NOON, a_case

AGENT, REVIEWER = "e" * 32, "f" * 32
HOUR = timedelta(hours=1)
DOCUMENT = CaseEvidence(kind=EvidenceKind.DOCUMENT, by=AGENT, at=NOON, reference="scan 12")
LATE = NOON + 30 * A_DAY
WEIGHTS = {EvidenceKind.DOCUMENT: 3, EvidenceKind.CALL_BACK: 2}
Verb = Callable[[RecoveryCase], Step[RecoveryCase]]
VERBS: dict[str, Verb] = {
    "add_evidence": lambda case: case.add_evidence(DOCUMENT),
    "hand_over": lambda case: case.hand_over(AGENT, by=AGENT),
    "submit": lambda case: case.submit(NOON, by=AGENT, weights=WEIGHTS, needed=0),
    "send_back": lambda case: case.send_back(by=REVIEWER),
    "approve": lambda case: case.approve(NOON, by=REVIEWER, wait_for=3 * A_DAY, tell_every=A_DAY),
    "decline": lambda case: case.decline(NOON, by=REVIEWER),
    "remind": lambda case: case.remind(NOON + A_DAY, tell_every=A_DAY),
    "get_ready": lambda case: case.get_ready(LATE, link_for=A_DAY),
    "complete": lambda case: case.complete(NOON),
    "cancel": lambda case: case.cancel(NOON),
    "expire": lambda case: case.expire(LATE),
}
_COLLECTING, _REVIEW, _WAITING, _READY = CaseState.COLLECTING, CaseState.IN_REVIEW, CaseState.WAITING, CaseState.READY
ALLOWED: dict[tuple[str, CaseState], tuple[CaseState, Fact]] = {
    ("add_evidence", _COLLECTING): (_COLLECTING, Fact.CASE_EVIDENCE_ADDED),
    **{("hand_over", state): (state, Fact.CASE_HANDED_OVER) for state in OPEN},
    ("submit", _COLLECTING): (_REVIEW, Fact.CASE_SUBMITTED),
    ("send_back", _REVIEW): (_COLLECTING, Fact.CASE_SENT_BACK),
    ("approve", _REVIEW): (_WAITING, Fact.CASE_APPROVED),
    ("decline", _REVIEW): (CaseState.REFUSED, Fact.CASE_REFUSED),
    ("remind", _WAITING): (_WAITING, Fact.CASE_REMINDED),
    ("get_ready", _WAITING): (_READY, Fact.CASE_READY),
    ("complete", _READY): (CaseState.COMPLETED, Fact.CASE_COMPLETED),
    **{("cancel", state): (CaseState.CANCELLED, Fact.CASE_CANCELLED) for state in OPEN},
    **{("expire", state): (CaseState.EXPIRED, Fact.CASE_EXPIRED) for state in OPEN - {_WAITING}},
}
BY_THEMSELVES = {"remind", "get_ready", "expire"}


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, CaseState)])
def test_a_verb_leads_where_the_table_says_or_changes_nothing(verb: str, state: CaseState) -> None:
    case = a_case(state)

    step = VERBS[verb](case)

    if (verb, state) in ALLOWED:
        after, fact = ALLOWED[verb, state]
        assert (step.state.state, step.facts, step.refusal) == (after, (fact,), None)
    else:
        closed = state not in OPEN and verb not in BY_THEMSELVES
        assert step == Step(case, refusal=Refusal.CASE_CLOSED if closed else Refusal.NOT_NOW)


@pytest.mark.parametrize("decide", ["approve", "decline", "send_back"])
@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (ACCOUNT, Refusal.OWN_ACCOUNT),
        ("0" * 32, Refusal.NEEDS_SECOND_PERSON),
        ("5" * 32, Refusal.NEEDS_SECOND_PERSON),
        (AGENT, Refusal.NEEDS_SECOND_PERSON),
    ],
)
def test_whoever_owns_opened_submitted_or_worked_on_it_decides_nothing(decide: str, by: str, refusal: Refusal) -> None:
    case = a_case(_REVIEW, opened_by="0" * 32, submitted_by="5" * 32, seen_by=frozenset({AGENT}))
    verbs: dict[str, Verb] = {
        "approve": lambda one: one.approve(NOON, by=by, wait_for=A_DAY, tell_every=A_DAY),
        "decline": lambda one: one.decline(NOON, by=by),
        "send_back": lambda one: one.send_back(by=by),
    }

    assert verbs[decide](case) == Step(case, refusal=refusal)


def test_evidence_weighs_once_for_each_kind_and_has_to_weigh_enough() -> None:
    case = a_case(evidence=(DOCUMENT, DOCUMENT))

    refused = case.submit(NOON, by=AGENT, weights=WEIGHTS, needed=4)
    call = CaseEvidence(kind=EvidenceKind.CALL_BACK, by=AGENT, at=NOON)
    asked = case.add_evidence(call).state.submit(NOON, by=AGENT, weights=WEIGHTS, needed=4)

    assert refused == Step(case, refusal=Refusal.EVIDENCE_TOO_LITTLE)
    assert (asked.state.state, asked.state.seen_by) == (_REVIEW, frozenset({AGENT}))


def test_what_comes_true_by_itself_is_not_added_by_hand() -> None:
    case, proven = a_case(), CaseEvidence(kind=EvidenceKind.FACTOR, by=AGENT, at=NOON)

    assert case.add_by_hand(proven) == Step(case, refusal=Refusal.NOT_NOW)
    assert case.add_by_hand(DOCUMENT) == case.add_evidence(DOCUMENT)
    assert case.add_evidence(proven).state.has_factor


def test_a_wait_is_over_when_it_says_and_the_link_ends_in_time() -> None:
    waiting = a_case(_WAITING)

    assert waiting.get_ready(NOON + 3 * A_DAY - HOUR, link_for=A_DAY).refusal is Refusal.NOT_NOW
    ready = waiting.get_ready(NOON + 3 * A_DAY, link_for=A_DAY).state
    assert ready.complete(NOON + 4 * A_DAY - HOUR).state.state is CaseState.COMPLETED
    late = ready.complete(NOON + 4 * A_DAY)
    assert (late.state.state, late.facts, late.refusal) == (
        CaseState.EXPIRED,
        (Fact.CASE_EXPIRED,),
        Refusal.CASE_EXPIRED,
    )


def test_everybody_is_told_each_day_and_not_more_often() -> None:
    waiting = a_case(_WAITING)

    assert waiting.remind(NOON + A_DAY - HOUR, tell_every=A_DAY).refusal is Refusal.NOT_NOW
    told = waiting.remind(NOON + A_DAY, tell_every=A_DAY).state
    assert told.remind(NOON + A_DAY, tell_every=A_DAY).refusal is Refusal.NOT_NOW
    assert told.due_at == NOON + 2 * A_DAY


def test_the_next_thing_that_is_due_is_known_while_the_case_is_open() -> None:
    assert a_case(_WAITING).due_at == NOON + A_DAY
    assert a_case(_WAITING, tell_at=LATE).due_at == NOON + 3 * A_DAY
    assert {state for state in CaseState if a_case(state).due_at} == OPEN


def test_a_case_of_the_owner_s_own_belongs_to_nobody_yet() -> None:
    own = open_case(ACCOUNT, "9" * 32, "AB2C3D4E", by=ACCOUNT, now=NOON, open_for=14 * A_DAY)
    by_agent = open_case(ACCOUNT, "9" * 32, "AB2C3D4E", by=AGENT, now=NOON, open_for=14 * A_DAY)

    assert own == Step(a_case(), (Fact.CASE_OPENED,))
    assert by_agent.state.handled_by == AGENT
