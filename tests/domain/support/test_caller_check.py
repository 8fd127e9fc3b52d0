"""Each verb of a check of a caller in each of its states."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.caller_check import OPEN, PROGRESS, SENDING, CallerCheck, CheckState
from tests.builders import NOON, a_check

MINUTE = timedelta(minutes=1)
Verb = Callable[[CallerCheck], Step[CallerCheck]]
VERBS: dict[str, Verb] = {
    "open": lambda check: check.open(NOON, prove_for=10 * MINUTE),
    "choose": lambda check: check.choose(Factor.PHONE, NOON, pause=MINUTE, most=3),
    "prove": lambda check: check.prove(NOON, is_new=False),
    "fail": lambda check: check.fail(NOON, tries=3),
    "fail_at_last": lambda check: check.fail(NOON, tries=1),
    "deny": lambda check: check.deny(NOON),
    "withdraw": lambda check: check.withdraw(NOON),
}
_OPENED = CheckState.OPENED
ALLOWED: dict[tuple[str, CheckState], tuple[CheckState, tuple[Fact, ...]]] = {
    ("open", CheckState.ASKED): (_OPENED, (Fact.CALLER_CHECK_OPENED,)),
    ("choose", _OPENED): (_OPENED, ()),
    ("prove", _OPENED): (CheckState.PROVEN, (Fact.CALLER_PROVEN,)),
    ("fail", _OPENED): (_OPENED, ()),
    ("fail_at_last", _OPENED): (CheckState.FAILED, (Fact.CALLER_CHECK_FAILED,)),
    **{("deny", state): (CheckState.DENIED, (Fact.CALLER_DENIED,)) for state in OPEN},
    **{("withdraw", state): (CheckState.WITHDRAWN, (Fact.CALLER_CHECK_WITHDRAWN,)) for state in OPEN},
}


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, CheckState)])
def test_a_verb_leads_where_the_table_says_or_changes_nothing(verb: str, state: CheckState) -> None:
    check = a_check(state)

    step = VERBS[verb](check)

    if (verb, state) in ALLOWED:
        assert (step.state.state, step.facts) == ALLOWED[verb, state]
        assert step.state.state == state or step.state.state in PROGRESS[state]
    else:
        assert (step.state, step.facts) == (check, ())
        assert step.refusal in (Refusal.CHECK_OVER, Refusal.CHECK_UNKNOWN)


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, CheckState)])
def test_nothing_can_be_done_with_one_whose_time_is_over(verb: str, state: CheckState) -> None:
    late = replace(a_check(state), expires_at=NOON)

    step = VERBS[verb](late)

    assert (step.state, step.facts) == (late, ())
    assert step.refusal


def test_its_number_is_used_once() -> None:
    opened = a_check(CheckState.ASKED).open(NOON, prove_for=MINUTE).state

    assert opened.number_key is None
    assert opened.open(NOON, prove_for=MINUTE).refusal is Refusal.CHECK_UNKNOWN


def test_nothing_is_proven_before_a_method_is_chosen() -> None:
    assert replace(a_check(_OPENED), method=None).prove(NOON, is_new=False).refusal is Refusal.CHECK_OVER


@pytest.mark.parametrize("method", sorted(SENDING))
def test_what_sends_something_does_so_a_few_times_with_pauses(method: Factor) -> None:
    first = replace(a_check(_OPENED), method=None).choose(method, NOON, pause=MINUTE, most=2)

    too_soon = first.state.choose(method, NOON, pause=MINUTE, most=2)
    second = first.state.choose(method, NOON + MINUTE, pause=MINUTE, most=2)
    too_often = second.state.choose(method, NOON + 5 * MINUTE, pause=MINUTE, most=2)

    assert (too_soon.refusal, too_soon.open_at) == (Refusal.SEND_TOO_SOON, NOON + MINUTE)
    assert second.state.sends == 2
    assert too_often.refusal is Refusal.CHECK_SENT_ENOUGH
    assert second.state.choose(Factor.TOTP, NOON + MINUTE, pause=MINUTE, most=2).state.sends == 2


def test_a_check_is_over_after_so_many_wrong_answers_of_whatever_kind() -> None:
    check = a_check(_OPENED)

    left = []
    for _ in range(3):
        step = check.fail(NOON, tries=3)
        left.append(step.tries_left)
        check = step.state.choose(Factor.TOTP, NOON, pause=MINUTE, most=3).state

    assert left == [2, 1, 0]
    assert check.state is CheckState.FAILED
