"""How many notices by text go out in a day, whatever comes in which order, and that none is lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.messages.message import DAY, NO_BURST, TextBudget

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST = 5
DAILY, URGENT = MOST - 1, MOST


def a_budget() -> TextBudget:
    return TextBudget(account_id="a" * 32, number_key=b"key")


def told(
    budget: TextBudget,
    count: int,
    at: datetime = NOON,
    *,
    allowed: int = DAILY,
    burst_for: timedelta = NO_BURST,
) -> tuple[TextBudget, list[bool]]:
    out = []
    for _ in range(count):
        budget, goes_out = budget.tell(at, allowed, burst_for=burst_for)
        out.append(goes_out)
    return budget, out


def test_the_first_few_go_out_and_the_rest_is_joined_into_one() -> None:
    budget, out = told(a_budget(), 100)

    assert out == [True] * DAILY + [False] * (100 - DAILY)
    assert (budget.joined, budget.joined_at) == (100 - DAILY, NOON + DAY)


def test_an_urgent_one_finds_the_room_that_was_kept_for_it() -> None:
    budget, _ = told(a_budget(), 100)

    budget, out = told(budget, 2, allowed=URGENT)

    assert out == [True, False]
    assert budget.joined == 100 - DAILY + 1


def test_the_joined_one_takes_the_first_room_of_the_next_day() -> None:
    budget, _ = told(a_budget(), 10)

    budget, out = told(budget, DAILY, NOON + DAY)

    assert out == [True] * (DAILY - 1) + [False]
    assert budget.joined == 1, "what was joined the day before has been told"


def test_where_it_can_be_but_one_a_day_every_notice_has_the_same_right_to_it() -> None:
    budget, out = told(a_budget(), 3, allowed=1)

    assert out == [True, False, False]
    assert budget.joined_at == NOON + DAY


def test_of_a_burst_the_first_goes_out_and_the_others_go_together_at_its_end() -> None:
    budget, out = told(a_budget(), 1, burst_for=HOUR)
    budget, more = told(budget, 2, NOON + HOUR / 2, burst_for=HOUR)

    assert [*out, *more] == [True, False, False]
    assert (budget.joined, budget.joined_at) == (2, NOON + HOUR)
    budget, out = told(budget, 1, NOON + HOUR, burst_for=HOUR)
    assert out == [True], "the next burst begins anew"


def test_what_comes_in_no_burst_is_not_held_up_by_one() -> None:
    budget, _ = told(a_budget(), 2, burst_for=HOUR)

    budget, out = told(budget, 1, NOON + HOUR / 2)

    assert out == [True]


def test_the_room_of_a_burst_s_text_is_kept_until_it_goes_out() -> None:
    budget, _ = told(a_budget(), 2, burst_for=HOUR)

    budget, out = told(budget, DAILY, NOON + HOUR / 2)

    assert out == [True] * (DAILY - 2) + [False] * 2
    assert (budget.joined, budget.joined_at) == (3, NOON + HOUR)


KINDS = ((DAILY, NO_BURST), (URGENT, NO_BURST), (DAILY, HOUR))


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(KINDS)), min_size=1, max_size=80))
def test_in_any_day_no_more_go_out_than_allowed_and_every_notice_is_told_or_joined(
    acts: list[tuple[int, tuple[int, timedelta]]],
) -> None:
    budget, now, sent, joined = a_budget(), NOON, [], {}
    for half_hours, (allowed, burst_for) in acts:
        now += timedelta(minutes=30 * half_hours)
        budget, goes_out = budget.tell(now, allowed, burst_for=burst_for)
        if goes_out:
            sent.append(now)
        else:
            joined[budget.joined_at] = budget.joined

    texts = sorted([*sent, *(at for at in joined if at)])
    for text in texts:
        assert sum(text - DAY < other <= text for other in texts) <= MOST
    assert len(sent) + sum(joined.values()) == len(acts)
    assert all(at and at <= now + DAY for at in joined), "none waits longer than a day"
