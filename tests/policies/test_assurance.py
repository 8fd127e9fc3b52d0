"""Which evidence is enough: the whole table of what a sign-in asks for next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import AFTER_RESET, ChangeState, PhoneChange, enrol_first
from renumber.domain.sign_in import SignInState
from renumber.policies.assurance import may_change_number
from renumber.policies.cooling_off import held_until
from renumber.policies.limits import Limits
from renumber.policies.sign_in_path import (
    NO_PART,
    Opening,
    Part,
    lacks_demanded_factor,
    must_wait,
    needs_factor,
    opening_after_password,
    pressed_in_this_browser,
)
from renumber.policies.waits import number_wait
from tests.builders import (
    A_DAY,
    ACCOUNT,
    CHANGE,
    NEW,
    NOON,
    a_change,
    a_frozen_account,
    a_session,
    an_account,
    seconds,
)

FRESH = timedelta(minutes=15)
LIMITS = Limits()
BROWSERS = [
    NO_PART,
    Part(pressed=True),
    Part(waits=True),
    Part(has_waited=True),
    Part(asked=True),
    Part(asked=True, pressed=True),
]
CHANGES = [None, *(a_change(state) for state in ChangeState), enrol_first(ACCOUNT, CHANGE, NOON).state]
RESET = [a_change(state) for state in sorted(AFTER_RESET)]
ENROLMENT = Opening(SignInState.AWAITING_MAILBOX, needs_enrolment=True)
LATE = [None, NOON - A_DAY, NOON - seconds(1), NOON, NOON + seconds(1)]
every_browser = pytest.mark.parametrize("browser", BROWSERS, ids=repr)


@every_browser
@pytest.mark.parametrize("change", CHANGES)
def test_a_frozen_account_opens_to_its_release_alone(change: PhoneChange | None, browser: Part) -> None:
    for number in (None, NEW):
        opening = opening_after_password(a_frozen_account(number), change, browser)
        assert opening == Opening(SignInState.AWAITING_RELEASE_MAILBOX)


@every_browser
@pytest.mark.parametrize("change", CHANGES)
def test_a_bound_number_is_always_asked_for_its_code(change: PhoneChange | None, browser: Part) -> None:
    opening = opening_after_password(an_account(password_mailed_at=NOON), change, browser)

    assert opening == Opening(SignInState.AWAITING_FACTOR)


@every_browser
@pytest.mark.parametrize("change", [one for one in CHANGES if one is None or one.state not in AFTER_RESET])
def test_an_account_without_a_number_begins_an_enrolment(change: PhoneChange | None, browser: Part) -> None:
    assert opening_after_password(an_account(None), change, browser) == ENROLMENT


@every_browser
@pytest.mark.parametrize("change", RESET)
@pytest.mark.parametrize("mailed_at", LATE)
def test_after_the_reset_the_asking_browser_goes_on_and_any_other_shows_the_mailbox_and_waits(
    change: PhoneChange, browser: Part, mailed_at: datetime | None
) -> None:
    """Pressing the link counts for nothing elsewhere, since whoever reads the mail may have pressed first."""
    account = an_account(None, password_mailed_at=mailed_at)
    expected = {
        Part(asked=True, pressed=True): SignInState.AWAITING_NEW_NUMBER,
        Part(has_waited=True): SignInState.AWAITING_NEW_NUMBER,
        Part(waits=True): SignInState.WAITING,
    }.get(browser, SignInState.AWAITING_MAILBOX)

    assert opening_after_password(account, change, browser) == Opening(expected)
    assert must_wait(account, change, browser) is not (browser.asked or browser.has_waited)


@every_browser
@pytest.mark.parametrize("change", [*RESET, enrol_first(ACCOUNT, CHANGE, NOON).state])
@pytest.mark.parametrize("factor", [Factor.PASSKEY, Factor.PUSH, Factor.TOTP])
def test_where_there_is_another_factor_no_browser_but_the_asking_one_goes_on_without_it(
    change: PhoneChange, browser: Part, factor: Factor
) -> None:
    account = an_account(None, factors=frozenset({factor}))

    assert opening_after_password(account, change, browser) == Opening(SignInState.AWAITING_FACTOR)
    assert needs_factor(account, browser) is not browser.asked
    assert not needs_factor(replace(account, lost=frozenset({factor})), browser), "a lost one is none"


@every_browser
@pytest.mark.parametrize("mailed_at", LATE)
def test_a_recovery_code_counts_where_the_mailbox_counts_for_the_password(
    browser: Part, mailed_at: datetime | None
) -> None:
    account = an_account(None, factors=frozenset({Factor.RECOVERY_CODE}), password_mailed_at=mailed_at)

    assert needs_factor(account, browser) is (mailed_at is not None and not browser.asked)


def test_a_first_enrolment_proves_the_mailbox_and_waits_where_the_mailbox_counts_for_the_password() -> None:
    waiting = enrol_first(ACCOUNT, CHANGE, NOON).state

    for mailed_at in LATE:
        account = an_account(None, password_mailed_at=mailed_at)
        assert opening_after_password(account, waiting, NO_PART) == Opening(SignInState.AWAITING_MAILBOX)
        assert must_wait(account, waiting, NO_PART) is (mailed_at is not None)


def test_an_operator_may_do_without_the_wait_but_not_where_the_mailbox_counts_for_the_password() -> None:
    at_once, long = replace(LIMITS, number_wait_for=timedelta(0)), replace(LIMITS, number_wait_for=3 * A_DAY)
    mailed = an_account(None, password_mailed_at=NOON)

    assert (number_wait(an_account(None), LIMITS), number_wait(mailed, LIMITS)) == (A_DAY, A_DAY)
    assert (number_wait(an_account(None), at_once), number_wait(mailed, at_once)) == (timedelta(0), A_DAY)
    assert (number_wait(an_account(None), long), number_wait(mailed, long)) == (3 * A_DAY, 3 * A_DAY)


def test_a_change_is_asked_for_by_a_fresh_session_with_its_second_factor() -> None:
    assert may_change_number(an_account(), a_session(), NOON, fresh_for=FRESH) is None


@pytest.mark.parametrize(
    ("account", "session", "refusal"),
    [
        (a_frozen_account(), a_session(), Refusal.ACCOUNT_FROZEN),
        (an_account(None), a_session(), Refusal.NO_NUMBER),
        (an_account(), a_session(factor=None), Refusal.NEEDS_SECOND_FACTOR),
        (an_account(), a_session(factor=Factor.MAILBOX), Refusal.NEEDS_SECOND_FACTOR),
        (an_account(), a_session(authenticated_at=NOON - FRESH), Refusal.NEEDS_FRESH_AUTHENTICATION),
        (an_account(), a_session(factor=None, authenticated_at=NOON - FRESH), Refusal.NEEDS_SECOND_FACTOR),
    ],
)
def test_anyone_else_is_refused_with_the_reason(account: Account, session: object, refusal: Refusal) -> None:
    assert may_change_number(account, session, NOON, fresh_for=FRESH) is refusal  # type: ignore[arg-type]  # parametrized


def test_a_demanded_factor_is_one_besides_the_phone() -> None:
    phone, both = an_account(), an_account(factors=frozenset({Factor.TOTP}))

    assert lacks_demanded_factor(phone, demanded=True)
    assert not lacks_demanded_factor(both, demanded=True)
    assert not lacks_demanded_factor(phone, demanded=False)
    lost = an_account(factors=frozenset({Factor.TOTP}), lost=frozenset({Factor.TOTP}))
    assert lacks_demanded_factor(lost, demanded=True)


def test_the_pressing_browser_is_known_for_a_day() -> None:
    change = a_change(ChangeState.AWAITING_NEW_NUMBER)

    assert pressed_in_this_browser(change, NOON + A_DAY - seconds(1), window=A_DAY, key_matches=True)
    assert not pressed_in_this_browser(change, NOON + A_DAY, window=A_DAY, key_matches=True)
    assert not pressed_in_this_browser(change, NOON, window=A_DAY, key_matches=False)
    assert not pressed_in_this_browser(a_change(), NOON, window=A_DAY, key_matches=True)


def test_an_account_counts_as_changed_recently_for_72_hours() -> None:
    hold, until = timedelta(hours=72), NOON + timedelta(hours=72)
    account = an_account(number_changed_at=NOON)

    assert held_until(account, until - seconds(1), hold) == until
    assert held_until(account, until, hold) is None
    assert held_until(an_account(), NOON, hold) is None
    assert held_until(account, NOON, timedelta(0)) is None
