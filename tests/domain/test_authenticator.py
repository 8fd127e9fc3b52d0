"""How wrong codes are counted: warned at eight, suspended at ten, forgiven by a right proof alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from tests.builders import NOON, a_suspended_authenticator, an_authenticator, seconds

record_failure = partial(FactorStatus.record_failure, now=NOON, warn_after=8, suspend_after=10, ceiling=100)
LATER = NOON + seconds(60)
VERBS: dict[str, Callable[[FactorStatus], Step[FactorStatus]]] = {
    "hit": lambda factor: factor.record_success(NOON),
    "restore": FactorStatus.restore,
    "report lost": lambda factor: factor.report_lost(LATER),
    "take back": FactorStatus.restore_lost,
    "replace": lambda factor: factor.replace_with_proven(LATER),
}
LOST = an_authenticator(suspended_at=NOON, lost_at=NOON)
STATES = {
    "fresh": an_authenticator(),
    "missed": an_authenticator(9),
    "suspended": a_suspended_authenticator(),
    "lost": LOST,
}
RIGHT = an_authenticator(last_used_at=NOON)
OUTCOMES = {
    ("hit", "fresh"): Step(RIGHT),
    ("hit", "missed"): Step(RIGHT),
    ("hit", "suspended"): Step(a_suspended_authenticator(), refusal=Refusal.FACTOR_SUSPENDED),
    ("hit", "lost"): Step(LOST, refusal=Refusal.REPORTED_LOST),
    ("restore", "lost"): Step(LOST),
    ("report lost", "fresh"): Step(an_authenticator(suspended_at=LATER, lost_at=LATER), (Fact.FACTOR_LOST,)),
    ("report lost", "missed"): Step(an_authenticator(9, suspended_at=LATER, lost_at=LATER), (Fact.FACTOR_LOST,)),
    ("report lost", "suspended"): Step(an_authenticator(10, suspended_at=LATER, lost_at=LATER), (Fact.FACTOR_LOST,)),
    ("report lost", "lost"): Step(LOST, refusal=Refusal.FACTOR_SUSPENDED),
    ("take back", "fresh"): Step(an_authenticator(), refusal=Refusal.NOT_NOW),
    ("take back", "missed"): Step(an_authenticator(9), refusal=Refusal.NOT_NOW),
    ("take back", "suspended"): Step(a_suspended_authenticator(), refusal=Refusal.NOT_NOW),
    ("take back", "lost"): Step(an_authenticator(), (Fact.FACTOR_FOUND,)),
    ("replace", "fresh"): Step(an_authenticator(last_used_at=LATER)),
    ("replace", "missed"): Step(an_authenticator(last_used_at=LATER)),
    ("replace", "suspended"): Step(an_authenticator(last_used_at=LATER), (Fact.FACTOR_RESTORED,)),
    ("replace", "lost"): Step(an_authenticator(last_used_at=LATER, lost_at=NOON), (Fact.FACTOR_RESTORED,)),
    ("restore", "fresh"): Step(an_authenticator()),
    ("restore", "missed"): Step(an_authenticator(9)),
    ("restore", "suspended"): Step(an_authenticator(), (Fact.FACTOR_RESTORED,)),
}


@pytest.mark.parametrize("factor", Factor)
@pytest.mark.parametrize(("passed", "is_over"), [(seconds(59), False), (seconds(60), True)])
def test_only_the_pause_of_a_release_is_over_by_itself(factor: Factor, passed: timedelta, *, is_over: bool) -> None:
    paused = replace(a_suspended_authenticator(), factor=factor)

    resumed = paused.resume(NOON + passed, paused_for=seconds(60))

    opens = is_over and factor in {Factor.RELEASE_MAILBOX, Factor.RELEASE_NUMBER}
    assert resumed == (replace(paused, wrong_in_a_row=0, suspended_at=None) if opens else paused)


@pytest.mark.parametrize("factor", Factor)
def test_why_a_factor_takes_no_proof_is_said_as_it_is(factor: Factor) -> None:
    releases = factor in {Factor.RELEASE_MAILBOX, Factor.RELEASE_NUMBER}
    expected = Refusal.RELEASE_PAUSED if releases else Refusal.FACTOR_SUSPENDED

    assert replace(an_authenticator(), factor=factor).bar is None
    assert replace(a_suspended_authenticator(), factor=factor).bar is expected
    assert replace(LOST, factor=factor).bar is (expected if releases else Refusal.REPORTED_LOST)


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, STATES)])
def test_a_verb_does_what_the_table_says(verb: str, state: str) -> None:
    assert VERBS[verb](STATES[state]) == OUTCOMES[verb, state]


def test_what_was_there_when_it_was_reported_lost_is_trusted_no_more_and_what_came_after_is() -> None:
    assert an_authenticator().trusts(NOON)
    assert not LOST.trusts(NOON)
    assert LOST.trusts(LATER)


@pytest.mark.parametrize("before", range(10))
def test_the_eighth_wrong_code_warns_and_the_tenth_suspends(before: int) -> None:
    step = record_failure(an_authenticator(before))

    wrong = before + 1
    assert step.state.wrong_in_a_row == wrong
    assert step.facts == {8: (Fact.FACTOR_WARNED,), 10: (Fact.FACTOR_SUSPENDED,)}.get(wrong, ())
    assert step.tries_left == (10 - wrong if wrong < 10 else None)
    assert (step.state.suspended_at is not None) is (wrong == 10)


def test_the_refusal_says_how_serious_it_is() -> None:
    refusals = [record_failure(an_authenticator(before)).refusal for before in range(10)]

    assert refusals == [Refusal.WRONG_CODE] * 7 + [Refusal.WRONG_CODE_WARNED] * 2 + [Refusal.FACTOR_SUSPENDED]


@given(st.lists(st.booleans(), max_size=30))
def test_only_a_right_code_ends_the_row(tries: list[bool]) -> None:
    factor, row = an_authenticator(), 0
    for is_right in tries:
        row = 0 if is_right else row + 1
        factor = (factor.record_success(NOON) if is_right else record_failure(factor)).state
        if factor.suspended_at:
            break

        assert factor.wrong_in_a_row == row

    assert (factor.suspended_at is not None) is (row == 10)
