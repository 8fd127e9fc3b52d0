"""A wait: one at a time, in one browser, for one thing."""

from datetime import timedelta

import pytest

from renumber.domain.facts import Fact
from renumber.domain.outcomes import Step
from renumber.domain.wait import begin
from tests.builders import A_DAY, NOON, a_wait, seconds

LATER = NOON + timedelta(hours=1)


def again(browser_key: bytes = b"another browser", about: str = a_wait().about) -> Step:  # type: ignore[type-arg]
    wanted = a_wait(browser_key=browser_key, about=about, started_at=LATER, over_at=LATER + A_DAY)
    return begin(a_wait(version=1), wanted)


def test_the_first_wait_is_told() -> None:
    assert begin(None, a_wait()) == Step(a_wait(), (Fact.NUMBER_WAIT_STARTED,))


@pytest.mark.parametrize("browser_key", [b"browser key", b"another browser"])
def test_another_one_for_the_same_neither_begins_it_anew_nor_takes_it_over(browser_key: bytes) -> None:
    assert again(browser_key) == Step(a_wait(version=1))


def test_one_for_something_else_takes_its_place() -> None:
    step = again(about="d" * 32)

    assert (step.state.about, step.state.version, step.facts) == ("d" * 32, 1, (Fact.NUMBER_WAIT_STARTED,))


def test_one_that_was_left_unused_or_stopped_is_begun_anew_and_told() -> None:
    left, stopped = a_wait(usable_until=LATER, version=3), a_wait(version=3).stop(LATER)

    for over in (left, stopped):
        wanted = a_wait(started_at=LATER, over_at=LATER + A_DAY)
        assert begin(over, wanted).facts == (Fact.NUMBER_WAIT_STARTED,)


def test_it_is_over_to_the_second_and_can_be_used_for_a_while() -> None:
    wait = a_wait()

    assert not wait.is_over(wait.over_at - seconds(1))
    assert wait.is_over(wait.over_at)
    assert wait.stands(wait.about, wait.usable_until - seconds(1))
    assert not wait.stands(wait.about, wait.usable_until)
    assert not wait.stands("d" * 32, NOON)


def test_stopping_it_late_gives_it_no_more_time() -> None:
    assert a_wait().stop(NOON + 9 * A_DAY).usable_until == a_wait().usable_until


def test_only_the_browser_that_began_it_keeps_it() -> None:
    assert a_wait().is_kept_by([b"older hash", b"browser key"])
    assert not a_wait().is_kept_by([b"another browser"])
