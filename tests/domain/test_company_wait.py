"""A change that waits for a company: when it goes on, when it ends, and who answers it."""

from dataclasses import replace

import pytest

from renumber.domain.facts import Fact
from renumber.domain.organisations.company_wait import CompanyWait
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import ChangeState, PhoneChange, ask_company
from tests.builders import A_DAY, ACCOUNT, NOON, a_change, seconds

ADMINISTRATOR = "0" * 32
UNTIL = NOON + 3 * A_DAY


def a_waiting_change(*, goes_on: bool = False) -> PhoneChange:
    return ask_company(a_change(), CompanyWait(until=UNTIL, goes_on=goes_on)).state


def test_there_is_no_link_before_the_company_has_confirmed() -> None:
    waiting = a_waiting_change()
    assert (waiting.state, waiting.link_generation, waiting.link_expires_at) == (ChangeState.AWAITING_COMPANY, 0, None)
    assert waiting.press(0, b"key", NOON).refusal is Refusal.LINK_USED

    confirmed = waiting.confirm(NOON + A_DAY, by=ADMINISTRATOR, link_for=A_DAY).state

    assert (confirmed.link_generation, confirmed.link_expires_at) == (1, NOON + 2 * A_DAY)
    assert confirmed.company
    assert (confirmed.company.answered_by, confirmed.company.answered_at) == (ADMINISTRATOR, NOON + A_DAY)
    assert confirmed.press(1, b"key", NOON + A_DAY).refusal is None


@pytest.mark.parametrize("goes_on", [True, False])
def test_nobody_answers_for_themselves_nor_once_the_wait_is_over(*, goes_on: bool) -> None:
    waiting = a_waiting_change(goes_on=goes_on)

    assert waiting.confirm(NOON, by=ACCOUNT, link_for=A_DAY).refusal is Refusal.OWN_ACCOUNT
    assert waiting.decline(NOON, by=ACCOUNT).refusal is Refusal.OWN_ACCOUNT
    assert waiting.confirm(UNTIL, by=ADMINISTRATOR, link_for=A_DAY).refusal is Refusal.NO_OPEN_CHANGE
    assert waiting.decline(UNTIL, by=ADMINISTRATOR).refusal is Refusal.NO_OPEN_CHANGE


def test_it_expires_where_somebody_could_have_confirmed_and_goes_on_where_nobody_could() -> None:
    for goes_on in (True, False):
        waiting = a_waiting_change(goes_on=goes_on)
        expired, went_on = waiting.expire(UNTIL), waiting.go_on(UNTIL, link_for=A_DAY)

        assert waiting.expire(UNTIL - seconds(1)).refusal is waiting.go_on(UNTIL - seconds(1), link_for=A_DAY).refusal
        assert (expired.refusal, went_on.refusal) == ((Refusal.NOT_NOW, None) if goes_on else (None, Refusal.NOT_NOW))
        assert went_on.facts == ((Fact.CHANGE_WENT_ON,) if goes_on else ())
        assert waiting.is_over(UNTIL) is not goes_on


def test_administrators_are_told_again_before_it_is_over_and_never_after() -> None:
    wait = CompanyWait(until=UNTIL, goes_on=False, tell_at=NOON + A_DAY)

    assert wait.due_at == NOON + A_DAY
    assert wait.tell_again(UNTIL + A_DAY).due_at == UNTIL
    assert replace(wait, tell_at=None).due_at == UNTIL
