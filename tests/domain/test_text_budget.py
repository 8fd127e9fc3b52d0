"""How many notices by text go out in a day, whatever comes in which order, and that none is lost."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from renumber.domain.message import DAY, TextBudget

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST = 5
DAILY, URGENT = MOST - 1, MOST


def a_budget() -> TextBudget:
    return TextBudget(account_id="a" * 32, number_key=b"key")


def told(budget: TextBudget, count: int, at: datetime = NOON, allowed: int = DAILY) -> tuple[TextBudget, list[bool]]:
    out = []
    for _ in range(count):
        budget, goes_out = budget.tell(at, allowed)
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


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=80))
def test_in_any_day_no_more_go_out_than_allowed_and_every_notice_is_told_or_joined(
    acts: list[tuple[int, bool]],
) -> None:
    budget, now, sent, joined = a_budget(), NOON, [], {}
    for hours, is_urgent in acts:
        now += timedelta(hours=hours)
        budget, goes_out = budget.tell(now, URGENT if is_urgent else DAILY)
        if goes_out:
            sent.append(now)
        else:
            joined[budget.joined_at] = budget.joined

    texts = sorted([*sent, *(at for at in joined if at)])
    for text in texts:
        assert sum(text - DAY < other <= text for other in texts) <= MOST
    assert len(sent) + sum(joined.values()) == len(acts)
    assert all(at and at <= now + DAY for at in joined), "none waits longer than a day"
