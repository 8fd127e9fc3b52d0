"""Each verb of an account, active and frozen; and which number can release it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from renumber.domain.account import Account, AccountState
from renumber.domain.factor import STRONGER_THAN_TEXT, Factor, Proven
from renumber.domain.facts import Fact
from renumber.domain.number_history import Wanted
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_number import PhoneNumber
from tests.builders import A_WEEK, NEW, NOON, OLD, OTHER, a_frozen_account, an_account, seconds

DAY = timedelta(days=1)
BUILD = {AccountState.ACTIVE: an_account, AccountState.FROZEN: a_frozen_account}
VERBS: dict[str, Callable[[Account], Step[Account]]] = {
    "freeze": lambda account: account.freeze(NOON),
    "release": lambda account: account.release(OLD, NOON),
    "change_password_by_mail": lambda account: account.change_password_by_mail("$argon2id$new", NOON),
}
ALLOWED = {
    ("freeze", AccountState.ACTIVE): (AccountState.FROZEN, (Fact.ACCOUNT_FROZEN,)),
    ("release", AccountState.FROZEN): (AccountState.ACTIVE, (Fact.ACCOUNT_RELEASED,)),
    ("change_password_by_mail", AccountState.ACTIVE): (AccountState.ACTIVE, (Fact.PASSWORD_CHANGED,)),
}
REFUSED = {
    "freeze": Refusal.ACCOUNT_FROZEN,
    "release": Refusal.ACCOUNT_NOT_FROZEN,
    "change_password_by_mail": Refusal.ACCOUNT_FROZEN,
}


@pytest.mark.parametrize(("verb", "state"), [*product(VERBS, AccountState)])
def test_a_verb_leads_where_the_table_says_or_changes_nothing(verb: str, state: AccountState) -> None:
    account = BUILD[state]()

    step = VERBS[verb](account)

    if (verb, state) in ALLOWED:
        assert (step.state.state, step.facts) == ALLOWED[verb, state]
        assert step.refusal is None
    else:
        assert step == Step(account, refusal=REFUSED[verb])


def changed(account: Account, number: object, at: timedelta) -> Account:
    detached = account.detach_number(NOON + at, A_WEEK).state
    return detached.bind_number(number, NOON + at, A_WEEK).state  # type: ignore[arg-type]  # a PhoneNumber


def test_a_detached_number_gets_no_code_but_is_still_told() -> None:
    step = an_account().detach_number(NOON, A_WEEK)

    assert (step.state.number, step.facts) == (None, (Fact.NUMBER_RESET,))
    assert step.state.numbers_on_file(NOON) == (OLD,)


def test_an_account_without_a_number_has_none_to_detach() -> None:
    account = an_account(None)

    assert account.detach_number(NOON, A_WEEK) == Step(account, refusal=Refusal.NO_NUMBER)


def test_binding_over_a_bound_number_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="detached before"):
        an_account().bind_number(NEW, NOON, A_WEEK)


def test_a_first_number_is_bound_and_a_later_one_is_changed() -> None:
    first = an_account(None).bind_number(NEW, NOON, A_WEEK)
    later = an_account().detach_number(NOON, A_WEEK).state.bind_number(NEW, NOON, A_WEEK)

    assert (first.facts, first.state.former_until) == ((Fact.NUMBER_BOUND,), None)
    assert later.facts == (Fact.NUMBER_CHANGED,)
    assert later.state.number_changed_at == NOON


def test_the_former_number_is_told_and_can_release_for_seven_days() -> None:
    account = changed(an_account(), NEW, 0 * DAY)

    for at, former in ((A_WEEK - seconds(1), OLD), (A_WEEK, None), (A_WEEK + seconds(1), None)):
        assert account.former_number_at(NOON + at) == former
        assert account.number_for_release(NOON + at) == (former or NEW)
        assert account.numbers_on_file(NOON + at) == ((NEW, OLD) if former else (NEW,))


def test_two_changes_in_a_row_keep_the_oldest_number_for_the_release() -> None:
    twice = changed(changed(an_account(), NEW, 0 * DAY), OTHER, 6 * DAY)

    assert twice.number_for_release(NOON + 6 * DAY) == OLD


def test_each_change_can_be_undone_for_the_whole_window() -> None:
    """Or a thief would wait until the window of the owner's own change is nearly over."""
    robbed = changed(changed(an_account(), NEW, 0 * DAY), OTHER, A_WEEK - seconds(1))

    assert robbed.number_for_release(NOON + A_WEEK + DAY) == OLD
    assert robbed.freeze(NOON + A_WEEK + DAY).state.number_to_restore(Wanted.RECENT) == OLD


def test_the_window_begins_anew_when_the_new_number_is_bound() -> None:
    """Or a thief would finish the change of an owner who is away when nobody can undo it any more."""
    late = an_account().detach_number(NOON, A_WEEK).state.bind_number(OTHER, NOON + 8 * DAY, A_WEEK).state

    assert late.number_for_release(NOON + 14 * DAY) == OLD
    assert late.number_for_release(NOON + 15 * DAY) == OTHER


@pytest.mark.parametrize(("at", "former"), [(A_WEEK - seconds(1), OLD), (8 * DAY, NEW)])
def test_the_window_begins_anew_when_the_number_is_reset_again(at: timedelta, former: PhoneNumber) -> None:
    """Or nobody could undo a reset that comes late in the window of an earlier change, or after it."""
    reset = changed(an_account(), NEW, 0 * DAY).detach_number(NOON + at, A_WEEK).state

    assert reset.number_for_release(NOON + at + 6 * DAY) == former
    assert reset.number_for_release(NOON + at + A_WEEK) == former, "there is no other"


def test_a_wait_for_the_new_number_gives_the_former_one_its_time_however_late_it_begins() -> None:
    reset = an_account().detach_number(NOON, A_WEEK).state

    assert reset.keep_former_number(NOON + 30 * DAY).number_for_release(NOON + 29 * DAY) == OLD
    assert reset.keep_former_number(NOON + DAY) == reset
    assert an_account().keep_former_number(NOON + DAY) == an_account()


def test_a_change_after_the_window_makes_the_replaced_number_the_former_one() -> None:
    twice = changed(changed(an_account(), NEW, 0 * DAY), OTHER, 8 * DAY)

    assert twice.number_for_release(NOON + 8 * DAY) == NEW


def test_a_number_that_was_never_changed_releases_the_account() -> None:
    assert an_account().number_for_release(NOON) == OLD
    assert an_account(None).number_for_release(NOON) is None


def test_a_freeze_stops_the_clock_of_the_number_before_a_change() -> None:
    """Or an account that stays frozen for long would be left to who holds the number after the change."""
    changed_once, late = changed(an_account(), NEW, 0 * DAY), NOON + 6 * DAY
    frozen = changed_once.freeze(late).state

    assert frozen.number_for_release(late + 90 * DAY) == OLD
    assert frozen.numbers_on_file(late + 90 * DAY) == (NEW, OLD)
    assert changed_once.freeze(NOON + A_WEEK).state.number_for_release(NOON + A_WEEK) == NEW, "it was over before"


def test_releasing_binds_that_number_and_forgets_the_change() -> None:
    robbed = changed(an_account(), OTHER, 0 * DAY).freeze(NOON).state

    released = robbed.release(OLD, NOON).state

    assert (released.number, released.former_number, released.former_until) == (OLD, None, None)
    assert not released.is_frozen
    assert released.frozen_at is None


def test_the_operator_restores_the_number_before_a_change_that_was_recent_at_the_freeze() -> None:
    robbed = changed(an_account(), OTHER, 0 * DAY)
    settled = changed(an_account(), NEW, 0 * DAY)

    assert robbed.freeze(NOON + 6 * DAY).state.number_to_restore(Wanted.RECENT) == OLD
    assert settled.freeze(NOON + 90 * DAY).state.number_to_restore(Wanted.RECENT) == NEW


def test_the_operator_may_choose_the_present_number_or_one_that_was_changed_weeks_ago() -> None:
    robbed = changed(an_account(), OTHER, 0 * DAY).freeze(NOON + 20 * DAY).state

    assert robbed.number_to_restore(Wanted.RECENT) == OTHER
    assert robbed.number_to_restore(Wanted.PRESENT) == OTHER
    assert robbed.number_to_restore(Wanted.FORMER) == OLD
    assert a_frozen_account(None).number_to_restore(Wanted.FORMER) is None


def test_the_operator_never_leaves_an_account_without_the_number_it_had() -> None:
    reset = an_account().detach_number(NOON, A_WEEK).state

    assert reset.freeze(NOON + DAY).state.number_to_restore(Wanted.RECENT) == OLD
    assert reset.freeze(NOON + 30 * DAY).state.number_to_restore(Wanted.RECENT) == OLD
    assert a_frozen_account(None).number_to_restore(Wanted.RECENT) is None


def test_the_former_number_is_let_go_when_it_can_undo_nothing_any_more() -> None:
    account = changed(an_account(), NEW, 0 * DAY)

    gone = account.forget_former_number(NOON + A_WEEK + DAY, DAY)

    assert (gone.state.former_number, gone.state.former_until) == (None, None)
    assert gone.state.number_for_release(NOON + A_WEEK) == NEW


def test_the_former_number_is_kept_within_the_window_and_while_frozen_or_without_a_number() -> None:
    within = changed(an_account(), NEW, 0 * DAY)
    reset = an_account().detach_number(NOON, A_WEEK).state
    frozen = within.freeze(NOON + DAY).state

    assert within.forget_former_number(NOON + A_WEEK + DAY - seconds(1), DAY).state == within
    assert reset.forget_former_number(NOON + 9 * DAY, DAY).refusal is Refusal.NOT_NOW
    assert frozen.forget_former_number(NOON + 9 * DAY, DAY).refusal is Refusal.NOT_NOW


CHANGES: dict[str, Callable[[Account], Account]] = {
    "number changed": lambda account: changed(account, NEW, DAY),
    "factor bound": lambda account: account.add_factor(Factor.TOTP, NOON + DAY).state,
    "password renewed by mail": lambda account: account.change_password_by_mail("hash", NOON + DAY).state,
    "released": lambda account: account.freeze(NOON).state.release(OLD, NOON + DAY).state,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("before", CHANGES)
def test_changed_recently_begins_with_the_latest_of_all_changes(before: str, change: str) -> None:
    account = CHANGES[change](CHANGES[before](an_account(changed_at=NOON)))

    assert account.changed_at == NOON + DAY
    assert account.stood_before_change(NOON + DAY - seconds(1))
    assert account.stood_before_change(None), "whose time nobody knows is old"
    assert not account.stood_before_change(NOON + DAY), "what the change itself has bound"


def test_freezing_ends_the_link_of_a_forgotten_password() -> None:
    assert an_account(password_link_id="8" * 32).freeze(NOON).state.password_link_id is None


def test_a_password_that_was_chosen_by_mail_rests_on_the_mailbox_until_it_is_proven() -> None:
    chosen = an_account().change_password_by_mail("hash", NOON).state

    proven = chosen.prove_password(Proven(Factor.TOTP, NOON - DAY), NOON, A_WEEK)

    assert chosen.password_rests_on_mailbox
    assert proven == replace(chosen, password_mailed_at=None)
    assert not an_account().password_rests_on_mailbox
    assert an_account().prove_password(Proven(Factor.PHONE), NOON, A_WEEK) == an_account()


@pytest.mark.parametrize("made_at", [None, NOON - DAY, NOON + seconds(1)])
@pytest.mark.parametrize("factor", [Factor.PHONE, *sorted(STRONGER_THAN_TEXT)])
def test_for_a_week_only_a_stronger_and_older_factor_proves_it(factor: Factor, made_at: datetime | None) -> None:
    chosen = an_account().change_password_by_mail("hash", NOON).state
    proven, is_older = Proven(factor, made_at), made_at is not None and made_at < NOON

    in_time = chosen.prove_password(proven, NOON + A_WEEK - seconds(1), A_WEEK)
    late = chosen.prove_password(proven, NOON + A_WEEK, A_WEEK)

    assert in_time.password_rests_on_mailbox is not (is_older and factor is not Factor.PHONE)
    assert not late.password_rests_on_mailbox


def test_choosing_a_language_changes_nothing_else() -> None:
    step = an_account().choose_language("en")

    assert (step.state, step.facts) == (an_account(locale="en"), (Fact.LANGUAGE_CHOSEN,))
