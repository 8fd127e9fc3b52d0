"""The whole table: every proof against every act, with the rule that decides.

A sign-in takes the password and a second factor, or a passkey that has verified its person (NIST SP 800-63B-4 2.2.1);
a mailbox is never a second factor (3.1.3.1), and neither is a number that is only about to be bound (4.2.2.2).
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Session
from renumber.domain.sign_in import SignInState
from renumber.policies.assurance import (
    may_change_number,
    may_enter_number,
    may_manage_factors,
    may_remove_factor,
    may_replace,
    may_report_lost,
    may_restore_lost,
    renewed_with,
)
from renumber.policies.methods import SECOND_FACTORS, STRONGEST_FIRST, first_method, may_add, may_choose, methods_of
from renumber.policies.oidc.assurance import Acr, first_asked
from renumber.policies.sign_in_path import NO_PART, opening_after_password
from tests.builders import NOON, OLD, a_frozen_account, a_session, an_account, seconds

FRESH, HOLD = timedelta(minutes=15), timedelta(hours=72)
OK = None
EVERYTHING = frozenset({Factor.PASSKEY, Factor.PUSH, Factor.TOTP, Factor.RECOVERY_CODE})
ALL = an_account(factors=EVERYTHING)
WITHOUT_NUMBER = an_account(None, factors=EVERYTHING)

Judge = Callable[[Session], Refusal | None]
IN_A_SESSION: dict[str, Judge] = {
    "change the number": lambda session: may_change_number(ALL, session, NOON, fresh_for=FRESH),
    "enter the number": lambda session: may_enter_number(WITHOUT_NUMBER, session, NOON, fresh_for=FRESH),
    "add, look at, remove": lambda session: may_manage_factors(ALL, session, NOON, fresh_for=FRESH),
    "take back": lambda session: may_restore_lost(ALL, session, NOON, factor=Factor.PUSH, fresh_for=FRESH),
}

# What a session was confirmed with: may it do what takes the account's highest level? (NIST 3.1.3.3, ASVS 7.5.1)
CONFIRMED_WITH: dict[Factor | None, Refusal | None] = {
    None: Refusal.NEEDS_SECOND_FACTOR,  # the password alone
    Factor.MAILBOX: Refusal.NEEDS_SECOND_FACTOR,  # NIST 3.1.3.1: e-mail is no out-of-band channel
    Factor.NEW_NUMBER: Refusal.NEEDS_SECOND_FACTOR,  # NIST 4.2.2.2: it proves possession only
    Factor.RELEASE_MAILBOX: Refusal.NEEDS_SECOND_FACTOR,  # these take part in a release, and open nothing
    Factor.RELEASE_NUMBER: Refusal.NEEDS_SECOND_FACTOR,
    Factor.PHONE: OK,
    Factor.TOTP: OK,
    Factor.PUSH: OK,
    Factor.PASSKEY: OK,
    Factor.RECOVERY_CODE: OK,  # NIST 4.2.1.1: a saved recovery code, after the password
}
OWN_WORD = {("take back", Factor.PUSH): Refusal.NEEDS_ANOTHER_FACTOR}  # NIST 3.2.2: until another factor


def test_every_proof_has_a_row() -> None:
    assert set(CONFIRMED_WITH) == {None, *Factor}


@pytest.mark.parametrize(("act", "factor"), [*product(IN_A_SESSION, CONFIRMED_WITH)])
def test_a_fresh_session_may_do_what_its_second_factor_allows(act: str, factor: Factor | None) -> None:
    session = a_session(factor=factor)

    assert IN_A_SESSION[act](session) is OWN_WORD.get((act, factor), CONFIRMED_WITH[factor])  # type: ignore[arg-type]  # None is no key of it


@pytest.mark.parametrize(("act", "factor"), [*product(IN_A_SESSION, CONFIRMED_WITH)])
def test_a_stale_session_may_do_none_of_it(act: str, factor: Factor | None) -> None:
    session = a_session(factor=factor, authenticated_at=NOON - FRESH)

    expected = CONFIRMED_WITH[factor] or Refusal.NEEDS_FRESH_AUTHENTICATION
    assert IN_A_SESSION[act](session) is OWN_WORD.get((act, factor), expected)  # type: ignore[arg-type]  # None is no key of it


@pytest.mark.parametrize("factor", CONFIRMED_WITH)
def test_nothing_is_done_on_a_frozen_account(factor: Factor | None) -> None:
    session, frozen = a_session(factor=factor), a_frozen_account(factors=EVERYTHING)

    assert may_change_number(frozen, session, NOON, fresh_for=FRESH) is Refusal.ACCOUNT_FROZEN
    assert may_manage_factors(frozen, session, NOON, fresh_for=FRESH) is Refusal.ACCOUNT_FROZEN
    assert may_report_lost(frozen, Factor.TOTP) is Refusal.ACCOUNT_FROZEN


# After the password: what may complete a sign-in of an account that has everything.
@pytest.mark.parametrize("factor", Factor)
def test_the_password_is_joined_by_any_second_factor_that_the_account_has_and_by_nothing_else(factor: Factor) -> None:
    expected = OK if factor in SECOND_FACTORS else Refusal.FACTOR_UNKNOWN

    assert may_choose(ALL, factor, methods=STRONGEST_FIRST) is expected
    assert may_choose(an_account(None), factor, methods=STRONGEST_FIRST) is Refusal.FACTOR_UNKNOWN


# In a session, in place of the password.
@pytest.mark.parametrize("factor", Factor)
def test_only_what_proves_two_things_at_once_stands_for_the_password(factor: Factor) -> None:
    """NIST SP 800-63B-4 2.2.3: a code that an unlocked phone shows to anybody doesn't."""
    assert (factor in renewed_with(ALL)) is (factor is Factor.PASSKEY)
    assert renewed_with(an_account(factors=EVERYTHING, suspended=frozenset({Factor.PASSKEY}))) == frozenset()
    assert renewed_with(an_account()) == frozenset()


REMOVALS: list[tuple[Account, Factor, Refusal | None]] = [
    (ALL, Factor.TOTP, OK),
    (ALL, Factor.PHONE, Refusal.FACTOR_UNKNOWN),  # the number is changed, not removed
    (an_account(), Factor.TOTP, Refusal.FACTOR_UNKNOWN),
    (an_account(None, factors=frozenset({Factor.TOTP})), Factor.TOTP, Refusal.LAST_FACTOR),
    (an_account(None, factors=frozenset({Factor.TOTP, Factor.RECOVERY_CODE})), Factor.TOTP, Refusal.LAST_FACTOR),
    (an_account(None, factors=frozenset({Factor.TOTP, Factor.RECOVERY_CODE})), Factor.RECOVERY_CODE, OK),
    (
        an_account(factors=frozenset({Factor.TOTP}), suspended=frozenset({Factor.PHONE})),
        Factor.TOTP,
        Refusal.LAST_FACTOR,
    ),
    (an_account(factors=EVERYTHING, number_changed_at=NOON - HOLD + seconds(1)), Factor.TOTP, Refusal.FACTOR_HELD),
    (an_account(factors=EVERYTHING, changed_at=NOON - HOLD + seconds(1)), Factor.TOTP, Refusal.FACTOR_HELD),
    (an_account(factors=EVERYTHING, number_changed_at=NOON - HOLD), Factor.TOTP, OK),
]


@pytest.mark.parametrize(("account", "factor", "refusal"), REMOVALS)
def test_the_last_way_in_stays_and_for_three_days_after_a_change_all_of_them(
    account: Account, factor: Factor, refusal: Refusal | None
) -> None:
    made_at = NOON - 2 * HOLD

    assert may_remove_factor(account, factor, NOON, made_at=made_at, hold_for=HOLD) is refusal


HELD_ALL = an_account(factors=EVERYTHING, number_changed_at=NOON - HOLD + seconds(1))
LOST_APP = an_account(factors=EVERYTHING, lost=frozenset({Factor.TOTP}), number_changed_at=NOON - seconds(1))


@pytest.mark.parametrize(
    ("account", "refusal"),
    [
        (HELD_ALL, Refusal.FACTOR_HELD),
        (ALL, OK),
        (LOST_APP, Refusal.FACTOR_HELD),
        (an_account(number_changed_at=NOON), OK),
    ],
)
def test_what_may_not_be_removed_is_not_replaced_either_unless_it_is_newer(
    account: Account, refusal: Refusal | None
) -> None:
    before = NOON - HOLD

    assert may_replace(account, Factor.TOTP, NOON, made_at=before, hold_for=HOLD) is refusal
    assert may_replace(account, Factor.TOTP, NOON, made_at=NOON, hold_for=HOLD) is OK


NEW_APP = frozenset({Factor.TOTP})


@pytest.mark.parametrize("factor", [Factor.PHONE, Factor.PASSKEY])
def test_what_was_added_a_moment_ago_is_no_other_way_in(factor: Factor) -> None:
    one, both = frozenset({Factor.TOTP}), frozenset({Factor.TOTP, Factor.PASSKEY})
    alone = an_account(factors=one) if factor is Factor.PHONE else an_account(None, factors=both)
    made_at = NOON - 2 * HOLD

    assert may_report_lost(alone, factor, new=NEW_APP) is Refusal.OTHERS_TOO_NEW
    assert may_report_lost(alone, factor) is OK
    assert may_report_lost(an_account(factors=both), factor, new=NEW_APP) is OK
    if factor is Factor.PASSKEY:
        removed = may_remove_factor(alone, factor, NOON, made_at=made_at, hold_for=HOLD, new=NEW_APP)
        assert removed is Refusal.OTHERS_TOO_NEW


REPORTS: list[tuple[Account, Factor, Refusal | None]] = [
    *((ALL, factor, OK) for factor in STRONGEST_FIRST),
    (an_account(), Factor.PHONE, Refusal.ONLY_WAY_IN),
    (an_account(), Factor.TOTP, Refusal.FACTOR_UNKNOWN),
    (an_account(factors=frozenset({Factor.RECOVERY_CODE})), Factor.PHONE, Refusal.ONLY_WAY_IN),
    (
        an_account(factors=frozenset({Factor.TOTP}), suspended=frozenset({Factor.TOTP})),
        Factor.PHONE,
        Refusal.ONLY_WAY_IN,
    ),
    (ALL, Factor.MAILBOX, Refusal.FACTOR_UNKNOWN),
]


@pytest.mark.parametrize(("account", "factor", "refusal"), REPORTS)
def test_the_password_alone_suspends_a_lost_factor_but_never_the_last(
    account: Account, factor: Factor, refusal: Refusal | None
) -> None:
    assert may_report_lost(account, factor) is refusal


def test_a_lost_factor_is_not_to_be_chosen_and_a_paused_one_has_a_page_that_says_how_it_opens() -> None:
    lost = an_account(factors=EVERYTHING, suspended=frozenset({Factor.PUSH}), lost=frozenset({Factor.PUSH}))

    assert may_choose(lost, Factor.PUSH, methods=STRONGEST_FIRST) is Refusal.REPORTED_LOST
    assert may_choose(an_account(suspended=frozenset({Factor.PHONE})), Factor.PHONE, methods=STRONGEST_FIRST) is OK


@pytest.mark.parametrize("factor", STRONGEST_FIRST)
def test_what_the_operator_does_not_offer_is_not_added(factor: Factor) -> None:
    assert may_add(factor, methods=STRONGEST_FIRST) is OK
    others = tuple(other for other in STRONGEST_FIRST if other is not factor)
    assert may_add(factor, methods=others) is Refusal.METHOD_NOT_OFFERED


def test_the_operator_orders_and_leaves_out_and_locks_nobody_out() -> None:
    app_first = (Factor.TOTP, Factor.PHONE)

    assert methods_of(ALL, app_first) == app_first
    assert methods_of(an_account(factors=frozenset({Factor.PASSKEY})), app_first) == (Factor.PHONE,)
    assert methods_of(an_account(None, factors=frozenset({Factor.PASSKEY})), app_first) == (Factor.PASSKEY,)
    only_codes = an_account(None, factors=frozenset({Factor.PUSH, Factor.RECOVERY_CODE}))
    assert methods_of(only_codes, (Factor.TOTP, Factor.RECOVERY_CODE)) == (Factor.RECOVERY_CODE, Factor.PUSH)
    released = an_account(factors=frozenset({Factor.TOTP}), lost=frozenset({Factor.TOTP}))
    assert methods_of(released, (Factor.TOTP,)) == (Factor.TOTP, Factor.PHONE)


def test_the_password_alone_suspends_not_the_last_that_the_operator_offers() -> None:
    """Or whoever has it would be asked for one that the operator forbids."""
    account = an_account(factors=frozenset({Factor.PASSKEY, Factor.TOTP}))

    assert may_report_lost(account, Factor.PASSKEY, methods=(Factor.PASSKEY,)) is Refusal.ONLY_WAY_IN
    assert may_report_lost(account, Factor.PASSKEY, methods=(Factor.PASSKEY, Factor.TOTP)) is OK


def test_the_last_used_is_asked_for_first_else_the_operator_s_first_and_none_that_is_suspended() -> None:
    methods = (Factor.TOTP, Factor.PHONE, Factor.PASSKEY, Factor.RECOVERY_CODE)
    used = an_account(factors=EVERYTHING, last_factor=Factor.PASSKEY)
    suspended = an_account(factors=EVERYTHING, last_factor=Factor.PASSKEY, suspended=frozenset({Factor.PASSKEY}))

    assert first_method(used) is Factor.PASSKEY
    assert first_method(ALL, methods) is Factor.TOTP
    assert first_method(suspended, methods) is Factor.TOTP
    assert first_method(an_account(factors=frozenset({Factor.RECOVERY_CODE}))) is Factor.PHONE
    assert first_method(an_account(None, factors=frozenset({Factor.RECOVERY_CODE}))) is Factor.RECOVERY_CODE


@pytest.mark.parametrize(
    ("wanted", "more", "first"),
    [
        ((), {}, Factor.PHONE),
        ((Acr.TWO_FACTORS,), {}, Factor.PHONE),
        (("urn:unknown",), {}, Factor.PHONE),
        ((Acr.DEVICE,), {}, Factor.PASSKEY),
        ((Acr.DEVICE,), {"last_factor": Factor.TOTP}, Factor.TOTP),
        ((Acr.PHISHING_RESISTANT,), {"last_factor": Factor.TOTP}, Factor.PASSKEY),
        ((Acr.PHISHING_RESISTANT,), {"suspended": frozenset({Factor.PASSKEY})}, Factor.PHONE),
        ((Acr.PHISHING_RESISTANT,), {"lost": frozenset({Factor.PASSKEY})}, Factor.PHONE),
        ((Acr.PHISHING_RESISTANT,), {"factors": frozenset({Factor.TOTP})}, Factor.PHONE),
        ((Acr.TWO_FACTORS,), {"factors": frozenset({Factor.RECOVERY_CODE})}, Factor.PHONE),
    ],
)
def test_for_an_application_the_first_asked_for_is_one_that_will_do_if_there_is_any(
    wanted: tuple[str, ...], more: dict[str, Any], first: Factor
) -> None:
    account = an_account(**{"factors": EVERYTHING, "last_factor": Factor.PHONE, **more})

    assert first_asked(account, wanted) is first


def test_a_recovery_code_is_not_asked_for_because_it_would_do() -> None:
    only_code = an_account(
        factors=frozenset({Factor.RECOVERY_CODE}), suspended=frozenset({Factor.PHONE}), last_factor=Factor.PHONE
    )

    assert first_asked(only_code, (Acr.TWO_FACTORS,)) is Factor.PHONE


@pytest.mark.parametrize("lost", STRONGEST_FIRST[:-1])
def test_no_lost_factor_is_asked_for_while_there_is_any_other(lost: Factor) -> None:
    others = frozenset(STRONGEST_FIRST) - {lost, Factor.RECOVERY_CODE}
    account = an_account(OLD, factors=EVERYTHING, last_factor=lost, suspended=others | {lost}, lost=frozenset({lost}))

    assert first_method(account) in others


def test_recovery_codes_are_asked_for_after_the_reset_only_where_a_factor_is_demanded() -> None:
    account = an_account(None, factors=frozenset({Factor.RECOVERY_CODE}))

    lent = opening_after_password(account, None, NO_PART)
    demanded = opening_after_password(account, None, NO_PART, demanded=True)

    assert (lent.state, demanded.state) == (SignInState.AWAITING_MAILBOX, SignInState.AWAITING_FACTOR)
