"""Sliding windows, growing delays: how often, how soon again, and never a lasting lock."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renumber.policies.limits import (
    Allowance,
    Limits,
    allowed_at,
    ip_allowances,
    send_allowances,
    sign_in_open_at,
)
from tests.builders import NOON, seconds

LIMITS = Limits()
DAY = timedelta(days=1)
moments = st.integers(0, 100_000).map(lambda second: NOON - seconds(second))
allowances = st.builds(Allowance, st.integers(1, 10), st.integers(1, 100_000).map(seconds))


def at(*before: float) -> list[datetime]:
    return [NOON - seconds(one) for one in before]


def test_five_sends_in_ten_minutes_and_ten_a_day() -> None:
    allowed = send_allowances(LIMITS)

    assert allowed_at(at(1, 2, 3, 4), allowed, NOON) is None
    assert allowed_at(at(100, 2, 3, 4, 5), allowed, NOON) == NOON + seconds(500)
    assert allowed_at(at(*range(1000, 10_000, 1000)), allowed, NOON) is None
    assert allowed_at(at(*range(1000, 11_000, 1000)), allowed, NOON) == NOON - seconds(10_000) + DAY


def test_twenty_sends_an_hour_from_one_address() -> None:
    assert allowed_at(at(*range(19)), ip_allowances(LIMITS), NOON) is None
    assert allowed_at(at(*range(20)), ip_allowances(LIMITS), NOON) == NOON + timedelta(hours=1) - seconds(19)


@given(st.lists(moments), st.lists(allowances, max_size=4))
def test_a_window_slides(times: list[datetime], limits: list[Allowance]) -> None:
    open_at = allowed_at(times, limits, NOON)

    if open_at is None:
        assert all(sum(NOON - limit.window < one for one in times) < limit.count for limit in limits)
    else:
        assert open_at > NOON
        assert allowed_at(times, limits, open_at) is None
        assert allowed_at(times, limits, open_at - seconds(0.001)) is not None


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=200), allowances)
def test_however_it_is_tried_no_window_ever_holds_more(gaps: list[int], limit: Allowance) -> None:
    now, taken = NOON, list[datetime]()
    for gap in gaps:
        now += seconds(gap)
        if allowed_at(taken, [limit], now) is None:
            taken.append(now)

    for first in taken:
        assert sum(first <= one < first + limit.window for one in taken) <= limit.count


@pytest.mark.parametrize("failures", range(5))
def test_the_first_five_failures_are_free(failures: int) -> None:
    assert sign_in_open_at([NOON] * failures, 5, LIMITS, now=NOON) is None


@pytest.mark.parametrize(("failures", "delay"), [(5, 1), (6, 2), (7, 4), (10, 32), (13, 256), (14, 300), (64, 300)])
def test_each_further_failure_doubles_the_delay_up_to_five_minutes(failures: int, delay: int) -> None:
    open_at = NOON + seconds(delay)

    assert sign_in_open_at([NOON] * failures, 5, LIMITS, now=NOON) == open_at
    assert sign_in_open_at([NOON] * failures, 5, LIMITS, now=open_at) is None


@given(st.lists(moments, max_size=80), st.integers(1, 20))
def test_nobody_is_ever_locked_out_for_longer_than_the_cap(failures: list[datetime], free: int) -> None:
    open_at = sign_in_open_at(failures, free, LIMITS, now=NOON)

    assert open_at is None or NOON < open_at <= NOON + LIMITS.sign_in_delay_cap


@given(st.integers(5, 200))
def test_one_more_failure_never_shortens_the_wait(failures: int) -> None:
    waits = [sign_in_open_at([NOON] * count, 5, LIMITS, now=NOON) or NOON for count in range(failures)]

    assert all(one <= other for one, other in pairwise(waits))


def test_an_hour_later_a_failure_is_forgotten() -> None:
    assert sign_in_open_at([NOON - timedelta(hours=1)] * 64, 5, LIMITS, now=NOON) is None


def test_the_defaults_are_those_of_the_product() -> None:
    assert (LIMITS.link_for, LIMITS.link_resend_after) == (DAY, seconds(60))
    assert (LIMITS.code_for, LIMITS.code_checks) == (seconds(600), 5)
    assert (LIMITS.warn_after, LIMITS.suspend_after) == (8, 10)
    assert LIMITS.resend_pauses == (seconds(30), seconds(60), seconds(120))
    assert (LIMITS.session_for, LIMITS.idle_for) == (DAY, timedelta(hours=1))
    assert (LIMITS.fresh_for, LIMITS.reset_browser_for) == (timedelta(minutes=15), DAY)
    assert (LIMITS.hold_for, LIMITS.release_for) == (timedelta(hours=72), timedelta(days=7))
    assert (LIMITS.stop_link_for, LIMITS.password_min, LIMITS.password_max) == (timedelta(days=7), 8, 128)
