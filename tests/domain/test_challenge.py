"""One-time codes: how long, how often, for what, and what a resend does not do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.challenge import Challenge, CodePurpose, CodeState
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from tests.builders import ACCOUNT, CHANGE, CODE, NEW, NOON, OTHER, SIGN_IN, WRONG, a_challenge, an_errand, seconds

PAUSES = (seconds(30), seconds(60), seconds(120))
TEN_MINUTES = timedelta(minutes=10)
ENDED = {CodeState.PROVEN: Refusal.NO_CODE, CodeState.SPENT: Refusal.TOO_MANY_WRONG_CODES}


@pytest.mark.parametrize("given_code", [CODE, WRONG])
@pytest.mark.parametrize("state", ENDED)
def test_a_code_that_is_over_compares_nothing(state: CodeState, given_code: str) -> None:
    challenge = a_challenge(state)

    assert challenge.check(given_code, CODE, NOON, checks=5) == Step(challenge, refusal=ENDED[state])


def test_a_right_code_is_proven_once() -> None:
    first = a_challenge().check(CODE, CODE, NOON, checks=5)
    second = first.state.check(CODE, CODE, NOON, checks=5)

    assert (first.state.state, first.facts, first.refusal) == (CodeState.PROVEN, (Fact.CODE_PROVEN,), None)
    assert second == Step(first.state, refusal=Refusal.NO_CODE)


def test_a_code_works_after_599_seconds_and_not_after_601() -> None:
    assert a_challenge().check(CODE, CODE, NOON + seconds(599), checks=5).refusal is None
    assert a_challenge().check(CODE, CODE, NOON + seconds(600), checks=5).refusal is Refusal.CODE_EXPIRED
    assert a_challenge().check(CODE, CODE, NOON + seconds(601), checks=5).refusal is Refusal.CODE_EXPIRED


@pytest.mark.parametrize("typed", ["", "0", "42317", "0423170", WRONG, "O42317", "०४२३१७", "\ud800", CODE + "\x00"])
def test_anything_but_the_code_is_wrong_and_counts(typed: str) -> None:
    step = a_challenge().check(typed, CODE, NOON, checks=5)

    assert (step.refusal, step.tries_left, step.state.wrong_guesses) == (Refusal.WRONG_CODE, 4, 1)


def test_the_fifth_wrong_guess_spends_the_code_and_the_right_one_comes_too_late() -> None:
    challenge = a_challenge()
    for left in (4, 3, 2, 1):
        step = challenge.check(WRONG, CODE, NOON, checks=5)
        assert (step.refusal, step.tries_left) == (Refusal.WRONG_CODE, left)
        challenge = step.state

    last = challenge.check(WRONG, CODE, NOON, checks=5)

    assert (last.refusal, last.tries_left, last.state.state) == (Refusal.TOO_MANY_WRONG_CODES, 0, CodeState.SPENT)
    assert last.state.check(CODE, CODE, NOON, checks=5).refusal is Refusal.TOO_MANY_WRONG_CODES


def test_repeating_a_code_gives_it_neither_life_nor_tries() -> None:
    challenge = a_challenge(wrong_guesses=3)

    again = challenge.repeat(NOON + seconds(31))

    assert replace(again, last_sent_at=NOON, sends=1) == challenge
    assert (again.last_sent_at, again.sends) == (NOON + seconds(31), 2)


@given(st.integers(1, 12))
def test_the_pause_grows_with_each_send_up_to_the_last(sends: int) -> None:
    pause = a_challenge(sends=sends).next_send_at(PAUSES) - NOON

    assert pause == PAUSES[min(sends, 3) - 1]


def test_a_code_is_repeated_while_there_is_time_to_type_it() -> None:
    assert a_challenge().is_worth_repeating(NOON + seconds(479))
    assert not a_challenge().is_worth_repeating(NOON + seconds(480))
    assert not a_challenge(CodeState.SPENT).is_worth_repeating(NOON)
    assert not a_challenge(CodeState.PROVEN).is_worth_repeating(NOON)


def test_a_renewed_code_is_another_code_with_tries_of_its_own() -> None:
    spent = a_challenge(CodeState.SPENT, wrong_guesses=5, sends=2)

    fresh = spent.renew(an_errand(), "9" * 32, "ffffffff", now=NOON + seconds(60), code_for=TEN_MINUTES)

    assert (fresh.state, fresh.wrong_guesses, fresh.challenge_id) == (CodeState.LIVE, 0, "9" * 32)
    assert fresh.expires_at == NOON + seconds(660)
    assert fresh.derived != spent.derived


def renewed(at: int, **changes: Any) -> Challenge:
    """Ask for another code so many seconds after the first was sent."""
    challenge = a_challenge(**changes)
    return challenge.renew(an_errand(), "9" * 32, challenge.key_id, now=NOON + seconds(at), code_for=TEN_MINUTES)


def test_the_code_before_stays_right_until_its_own_time_is_over() -> None:
    both = renewed(at=500)

    assert both.earlier_derived(NOON + seconds(599)) == a_challenge().derived
    assert both.earlier_derived(NOON + seconds(600)) is None
    assert both.check(CODE, WRONG, NOON + seconds(599), checks=5, earlier=CODE).refusal is None
    assert both.check(WRONG, WRONG, NOON + seconds(599), checks=5, earlier=CODE).refusal is None
    assert both.check(CODE, WRONG, NOON + seconds(601), checks=5).refusal is Refusal.WRONG_CODE


def test_two_codes_that_are_right_share_their_tries() -> None:
    assert renewed(at=500, wrong_guesses=4).wrong_guesses == 4
    assert renewed(at=601, wrong_guesses=4).wrong_guesses == 0


@pytest.mark.parametrize(
    "challenge",
    [
        renewed(at=600),
        renewed(at=500, state=CodeState.SPENT),
        renewed(at=500, state=CodeState.PROVEN),
        renewed(at=500, destination=OTHER.e164),
        a_challenge().renew(an_errand(), "9" * 32, "other", now=NOON, code_for=TEN_MINUTES),
    ],
)
def test_a_code_that_is_over_spent_for_another_or_under_another_key_is_right_no_more(challenge: Challenge) -> None:
    assert challenge.earlier_derived(NOON) is None


def test_the_pauses_go_on_over_a_new_code_for_the_same_but_not_for_another_number() -> None:
    spent = a_challenge(CodeState.SPENT, sends=2)
    elsewhere = an_errand(destination=OTHER.e164)

    assert spent.renew(an_errand(), "9" * 32, "k", now=NOON, code_for=TEN_MINUTES).sends == 3
    assert spent.renew(elsewhere, "9" * 32, "k", now=NOON, code_for=TEN_MINUTES).sends == 1
    assert spent.renew(an_errand(), "9" * 32, "k", now=NOON + TEN_MINUTES, code_for=TEN_MINUTES).sends == 1


@pytest.mark.parametrize("state", CodeState)
def test_only_a_proven_code_holds_nothing_back(state: CodeState) -> None:
    assert a_challenge(state).holds_back(an_errand()) is (state is not CodeState.PROVEN)
    assert not a_challenge(state).holds_back(an_errand(destination=OTHER.e164))


def test_a_code_is_bound_to_account_sign_in_purpose_change_number_and_id() -> None:
    same: dict[str, Any] = {
        "account_id": ACCOUNT,
        "purpose": CodePurpose.NEW_NUMBER,
        "sign_in_id": SIGN_IN,
        "about": CHANGE,
        "destination": NEW.e164,
    }
    others = {
        "account_id": "b" * 32,
        "purpose": CodePurpose.SIGN_IN,
        "sign_in_id": "e" * 32,
        "about": "d" * 32,
        "destination": OTHER.e164,
    }
    bindings = {a_challenge(**{**same, name: other}).derived.binding for name, other in others.items()}
    bindings |= {a_challenge().derived.binding, a_challenge(challenge_id="9" * 32).derived.binding}

    assert len(bindings) == 7


@pytest.mark.parametrize(
    "intent",
    [
        an_errand(CodePurpose.SIGN_IN),
        an_errand(sign_in_id="e" * 32),
        an_errand(about="d" * 32),
        an_errand(destination=OTHER.e164),
    ],
)
def test_a_code_is_for_its_own_errand_only(intent: object) -> None:
    assert a_challenge().is_for(an_errand())
    assert not a_challenge().is_for(intent)  # type: ignore[arg-type]  # parametrized
