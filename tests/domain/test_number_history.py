"""The moves of a number history: which number is bound, which was before, and for how long it can undo a change."""

from datetime import timedelta

import pytest

from renumber.domain.facts import Fact
from renumber.domain.number_history import NumberHistory, Wanted
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from tests.builders import A_WEEK, NEW, NOON, OLD, OTHER, seconds

DAY = timedelta(days=1)
IMPORTED = NumberHistory(present=OLD, is_unproven=True)
NONE, ONE = NumberHistory(), NumberHistory(present=OLD)


def changed(history: NumberHistory, number: PhoneNumber, at: timedelta) -> NumberHistory:
    return history.detach(NOON + at, A_WEEK).state.bind(number, NOON + at, A_WEEK).state


CHANGED = changed(ONE, NEW, 0 * DAY)


def test_detaching_keeps_the_number_as_the_former_one_for_the_window() -> None:
    step = ONE.detach(NOON, A_WEEK)

    assert step == Step(NumberHistory(former=OLD, former_until=NOON + A_WEEK), (Fact.NUMBER_RESET,))
    assert NONE.detach(NOON, A_WEEK) == Step(NONE, refusal=Refusal.NO_NUMBER)


def test_binding_a_first_number_can_be_undone_by_none() -> None:
    step = NONE.bind(NEW, NOON, A_WEEK)

    assert step == Step(NumberHistory(present=NEW, changed_at=NOON), (Fact.NUMBER_BOUND,))
    with pytest.raises(AssertionError, match="detached before"):
        ONE.bind(NEW, NOON, A_WEEK)


def test_binding_after_a_reset_begins_the_window_anew() -> None:
    step = ONE.detach(NOON, A_WEEK).state.bind(NEW, NOON + 8 * DAY, A_WEEK)

    bound = NumberHistory(present=NEW, changed_at=NOON + 8 * DAY, former=OLD, former_until=NOON + 15 * DAY)
    assert step == Step(bound, (Fact.NUMBER_CHANGED,))


@pytest.mark.parametrize(("at", "former"), [(A_WEEK - seconds(1), OLD), (A_WEEK, None), (A_WEEK + seconds(1), None)])
def test_the_former_number_counts_within_the_window(at: timedelta, former: PhoneNumber | None) -> None:
    assert CHANGED.former_at(NOON + at) == former
    assert CHANGED.for_release(NOON + at) == (former or NEW), "and then the present one"
    assert CHANGED.on_file(NOON + at) == ((NEW, OLD) if former else (NEW,))


@pytest.mark.parametrize(("at", "former"), [(6 * DAY, OLD), (8 * DAY, NEW)])
def test_of_two_changes_within_the_window_the_oldest_number_counts(at: timedelta, former: PhoneNumber) -> None:
    assert changed(CHANGED, OTHER, at).for_release(NOON + at) == former


def test_a_number_that_was_never_changed_releases() -> None:
    assert (ONE.for_release(NOON), NONE.for_release(NOON)) == (OLD, None)


@pytest.mark.parametrize(
    ("history", "at"),
    [(CHANGED, A_WEEK + DAY - seconds(1)), (ONE, 30 * DAY), (ONE.detach(NOON, A_WEEK).state, 30 * DAY)],
    ids=["too soon", "none before", "waits for the new one"],
)
def test_the_former_number_is_kept_while_somebody_may_need_it(history: NumberHistory, at: timedelta) -> None:
    assert history.forget_former(NOON + at, DAY) == Step(history, refusal=Refusal.NOT_NOW)


def test_the_former_number_is_forgotten_when_it_can_undo_nothing() -> None:
    assert CHANGED.forget_former(NOON + A_WEEK + DAY, DAY) == Step(NumberHistory(present=NEW, changed_at=NOON))


@pytest.mark.parametrize(
    ("wanted", "frozen_after", "number"),
    [
        (Wanted.RECENT, DAY, OLD),
        (Wanted.RECENT, 20 * DAY, NEW),
        (Wanted.PRESENT, DAY, NEW),
        (Wanted.FORMER, 20 * DAY, OLD),
    ],
)
def test_the_operator_restores_what_is_wanted(wanted: Wanted, frozen_after: timedelta, number: PhoneNumber) -> None:
    assert CHANGED.to_restore(wanted, NOON + frozen_after) == number


@pytest.mark.parametrize("wanted", Wanted)
def test_the_operator_restores_a_number_where_there_was_one(wanted: Wanted) -> None:
    reset = ONE.detach(NOON, A_WEEK).state

    assert reset.to_restore(wanted, NOON + 30 * DAY) == OLD
    assert NONE.to_restore(wanted, NOON) is None


def test_releasing_binds_a_number_and_forgets_the_change() -> None:
    assert CHANGED.release(OLD) == NumberHistory(present=OLD, changed_at=NOON)


def test_the_first_proof_of_an_entered_number_counts_and_every_other_changes_nothing() -> None:
    assert IMPORTED.prove() == Step(ONE, (Fact.NUMBER_PROVEN,))
    assert ONE.prove() == Step(ONE)


def test_the_mark_stays_with_its_number_and_goes_with_it() -> None:
    detached = IMPORTED.detach(NOON, A_WEEK).state

    assert not detached.is_unproven
    assert not detached.bind(NEW, NOON, A_WEEK).state.is_unproven
    assert IMPORTED.release(OLD).is_unproven
    assert not IMPORTED.release(NEW).is_unproven
