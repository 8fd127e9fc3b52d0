"""The sentence on top of an account at the console: every place in which a person can stand, the most urgent first."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.messages.message import Delivery, DeliveryState, Notice
from renumber.domain.phone_change import ChangeState
from renumber.domain.support.recovery_case import CaseState
from renumber.domain.wait import Wait, WaitPurpose
from renumber.policies.limits import Limits
from renumber.policies.release import about_release
from renumber.policies.support.advice import Situation, Stand, advise
from tests.builders import A_DAY, NOON, a_case, a_change, a_frozen_account, a_wait, an_account

NOW = NOON + timedelta(minutes=10)
TRYING, SENT, GIVEN_UP = DeliveryState.TRYING, DeliveryState.SENT, DeliveryState.GIVEN_UP


def here(account: Account | None = None, **more: Any) -> Situation:
    return Situation(account=account or settled(), **{"now": NOW, "limits": Limits(), **more})


def settled(**more: Any) -> Account:
    """The account of somebody who has signed in before."""
    return an_account(last_factor=Factor.PHONE, **more)


def told(notice: Notice, state: DeliveryState, written_at: datetime = NOON) -> dict[Notice, Delivery]:
    return {notice: Delivery(state, written_at, NOON if state is not TRYING else None)}


def a_password_wait() -> Wait:
    return a_wait(purpose=WaitPurpose.PASSWORD, about=NOON.isoformat())


LINK, CODE, TEXT = Notice.CHANGE_REQUESTED, Notice.NEW_NUMBER_CODE, Notice.SIGN_IN_CODE
RESET, TYPED = a_change(ChangeState.AWAITING_NEW_NUMBER), a_change(ChangeState.AWAITING_CODE)
FROZEN = a_frozen_account()
PAUSED = frozenset({Factor.TOTP})
STANDS: dict[Stand, Situation] = {
    Stand.RELEASE_WAITS: here(FROZEN, waits=[a_wait(purpose=WaitPurpose.RELEASE, about=about_release(FROZEN))]),
    Stand.FROZEN: here(FROZEN),
    Stand.CASE_READY: here(case=a_case(CaseState.READY)),
    Stand.CASE_WAITING: here(case=a_case(CaseState.WAITING)),
    Stand.CASE_IN_REVIEW: here(case=a_case(CaseState.IN_REVIEW)),
    Stand.CASE_COLLECTING: here(case=a_case()),
    Stand.NUMBER_WAITS: here(change=RESET, waits=[a_wait()]),
    Stand.NEW_CODE_GIVEN_UP: here(change=TYPED, deliveries=told(CODE, GIVEN_UP, NOW)),
    Stand.NEW_CODE_LATE: here(change=TYPED, now=NOW + A_DAY / 24, deliveries=told(CODE, TRYING, NOW)),
    Stand.NEW_CODE_SENT: here(change=TYPED, deliveries=told(CODE, SENT, NOW)),
    Stand.NUMBER_RESET: here(change=RESET),
    Stand.NUMBER_MISSING: here(change=a_change(ChangeState.AWAITING_NEW_NUMBER, reset_at=None)),
    Stand.LINK_EXPIRED: here(change=a_change(), now=NOON + A_DAY),
    Stand.LINK_GIVEN_UP: here(change=a_change(), deliveries=told(LINK, GIVEN_UP)),
    Stand.LINK_LATE: here(change=a_change(), deliveries=told(LINK, TRYING)),
    Stand.LINK_ON_ITS_WAY: here(change=a_change(), now=NOON, deliveries=told(LINK, TRYING)),
    Stand.LINK_UNUSED: here(change=a_change(), deliveries=told(LINK, SENT)),
    Stand.DISABLED: here(settled(suspended=PAUSED, disabled=PAUSED)),
    Stand.SUSPENDED: here(settled(suspended=PAUSED)),
    Stand.MAILBOX_SUSPENDED: here(settled(suspended=frozenset({Factor.MAILBOX}))),
    Stand.TEXT_GIVEN_UP: here(deliveries=told(TEXT, GIVEN_UP)),
    Stand.TEXT_LATE: here(deliveries=told(TEXT, TRYING)),
    Stand.LOST: here(settled(suspended=PAUSED, lost=PAUSED)),
    Stand.PASSWORD_WAITS: here(settled(password_mailed_at=NOON), waits=[a_password_wait()]),
    Stand.NEVER_SIGNED_IN: here(an_account()),
    Stand.NO_NUMBER: here(an_account(None, last_factor=Factor.TOTP)),
    Stand.PASSWORD_DOUBTED: here(settled(password_mailed_at=NOON)),
    Stand.CHANGED_RECENTLY: here(settled(changed_at=NOON)),
    Stand.NOTHING: here(),
}


@pytest.mark.parametrize("stand", list(Stand), ids=str)
def test_every_stand_has_its_situation(stand: Stand) -> None:
    assert advise(STANDS[stand]).stand is stand


def test_what_is_more_urgent_hides_what_is_less() -> None:
    """Each row has all that is below it as well, so that it is said first."""
    case, change = a_case(), a_change()
    late = told(TEXT, GIVEN_UP)
    trouble: dict[str, Any] = {"suspended": PAUSED, "changed_at": NOON}
    rows = [
        here(a_frozen_account(**trouble), case=case, change=change, deliveries=late),
        here(settled(**trouble), case=case, change=change, deliveries=late),
        here(settled(**trouble), change=change, deliveries=late),
        here(settled(**trouble), deliveries=late),
        here(settled(changed_at=NOON), deliveries=late),
        here(settled(changed_at=NOON)),
        here(),
    ]
    said = [list(Stand).index(advise(row).stand) for row in rows]

    assert all(before < after for before, after in pairwise(said))


def test_what_is_over_is_not_said() -> None:
    stale = [a_wait(about="another change"), a_wait(over_at=NOW), a_wait(usable_until=NOW)]

    for wait in stale:
        assert advise(here(change=RESET, waits=[wait])).stand is Stand.NUMBER_RESET
    assert advise(here(change=a_change(), deliveries=told(LINK, GIVEN_UP, NOON - A_DAY))).stand is Stand.LINK_UNUSED
    assert advise(here(deliveries=told(TEXT, GIVEN_UP, NOW - A_DAY))).stand is Stand.NOTHING
    assert advise(here(case=a_case(CaseState.CANCELLED))).stand is Stand.NOTHING


def test_a_sentence_names_its_times_and_methods() -> None:
    assert advise(STANDS[Stand.LINK_UNUSED]).until == NOON + A_DAY
    assert advise(STANDS[Stand.CASE_WAITING]).until == NOON + 3 * A_DAY
    assert advise(STANDS[Stand.SUSPENDED]).factors == PAUSED
