"""Which evidence is enough: the whole table of what a sign-in asks for next."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import AFTER_RESET, ChangeState, PhoneChange, enrol_first
from renumber.domain.sign_in import SignInState
from renumber.policies.assurance import may_change_number
from renumber.policies.cooling_off import held_until
from renumber.policies.sign_in_path import (
    Opening,
    lacks_demanded_factor,
    opening_after_password,
    pressed_in_this_browser,
)
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
BROWSERS = [(pressed, asked) for pressed, asked in product([True, False], repeat=2)]
CHANGES = [None, *(a_change(state) for state in ChangeState), enrol_first(ACCOUNT, CHANGE, NOON).state]
ENROLMENT = Opening(SignInState.AWAITING_MAILBOX, needs_enrolment=True)
REFUSED = Opening(SignInState.AWAITING_MAILBOX, refusal=Refusal.NEEDS_PRESSING_BROWSER)


def opened(account: Account, change: PhoneChange | None, browser: tuple[bool, bool]) -> Opening:
    return opening_after_password(account, change, pressed_here=browser[0], asked_here=browser[1])


@pytest.mark.parametrize(("change", "browser"), [*product(CHANGES, BROWSERS)])
def test_a_frozen_account_opens_to_its_release_alone(change: PhoneChange | None, browser: tuple[bool, bool]) -> None:
    for number in (None, NEW):
        assert opened(a_frozen_account(number), change, browser) == Opening(SignInState.AWAITING_RELEASE_MAILBOX)


@pytest.mark.parametrize(("change", "browser"), [*product(CHANGES, BROWSERS)])
def test_a_bound_number_is_always_asked_for_its_code(change: PhoneChange | None, browser: tuple[bool, bool]) -> None:
    assert opened(an_account(password_mailed_at=NOON), change, browser) == Opening(SignInState.AWAITING_FACTOR)


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("change", [one for one in CHANGES if one is None or one.state not in AFTER_RESET])
def test_an_account_without_a_number_begins_an_enrolment(
    change: PhoneChange | None, browser: tuple[bool, bool]
) -> None:
    assert opened(an_account(None), change, browser) == ENROLMENT


@pytest.mark.parametrize("state", sorted(AFTER_RESET))
@pytest.mark.parametrize("browser", BROWSERS)
def test_after_the_reset_the_pressing_browser_goes_on_and_any_other_proves_the_mailbox(
    state: ChangeState, browser: tuple[bool, bool]
) -> None:
    expected = SignInState.AWAITING_NEW_NUMBER if browser[0] else SignInState.AWAITING_MAILBOX

    assert opened(an_account(None), a_change(state), browser) == Opening(expected)


@pytest.mark.parametrize("mailed_at", [NOON - A_DAY, NOON - seconds(1), NOON, NOON + seconds(1)])
@pytest.mark.parametrize("state", sorted(AFTER_RESET))
@pytest.mark.parametrize("browser", BROWSERS)
def test_a_password_chosen_by_mail_goes_on_only_where_the_change_was_asked_for_and_pressed(
    state: ChangeState, browser: tuple[bool, bool], mailed_at: datetime
) -> None:
    account = an_account(None, password_mailed_at=mailed_at)

    expected = Opening(SignInState.AWAITING_NEW_NUMBER) if browser == (True, True) else REFUSED
    assert opened(account, a_change(state), browser) == expected


def test_a_first_enrolment_proves_the_mailbox() -> None:
    waiting = enrol_first(ACCOUNT, CHANGE, NOON).state

    for account in (an_account(None), an_account(None, password_mailed_at=NOON)):
        assert opened(account, waiting, (False, False)) == Opening(SignInState.AWAITING_MAILBOX)


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
