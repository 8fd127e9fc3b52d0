"""Which evidence is enough for which act."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.authenticator import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import State
from renumber.policies.cooling_off import held_until

STRONGEST_FIRST = (Factor.PASSKEY, Factor.PUSH, Factor.APP, Factor.PHONE, Factor.RECOVERY_CODE)
SECOND_FACTORS = frozenset(STRONGEST_FIRST)
Methods = tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a sign-in goes after the right password."""

    state: State
    needs_enrolment: bool = False
    refusal: Refusal | None = None


def may_change_number(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may ask for a change of the number.

    A session without its second factor is refused although the password is right: otherwise a stolen
    password and a stolen mailbox would be enough (NIST SP 800-63B-4 3.1.3.3, ASVS 7.5.1).
    """
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if account.number is None:
        return Refusal.NO_NUMBER
    return may_manage_factors(account, session, now, fresh_for=fresh_for)


def may_manage_factors(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may add a factor or look at what is secret about one (ASVS 7.5.1)."""
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if session.factor not in SECOND_FACTORS:
        return Refusal.NEEDS_SECOND_FACTOR
    if not session.is_fresh(now, fresh_for):
        return Refusal.NEEDS_FRESH_AUTHENTICATION
    return None


def renewed_with(account: Account, methods: Methods = STRONGEST_FIRST) -> frozenset[Factor]:
    """What besides the password shows in a session that it is still the same person (NIST SP 800-63B-4 2.2.3).

    It takes a secret that one knows or a trait that one is; a passkey that verifies its person has that and the device
    in one. A code that an unlocked phone shows to anybody hasn't.
    """
    return frozenset(methods_of(account, methods)) & {Factor.PASSKEY} - account.suspended


def may_remove_factor(account: Account, factor: Factor, now: datetime, *, hold_for: timedelta) -> Refusal | None:
    """Judge whether a factor may go: not for some time after the number has changed, and never the last one."""
    if factor not in account.factors:
        return Refusal.FACTOR_UNKNOWN
    if held_until(account, now, hold_for):
        return Refusal.FACTOR_HELD
    return None if ways_in_without(account, factor) else Refusal.LAST_FACTOR


def ways_in_without(account: Account, factor: Factor) -> frozenset[Factor]:
    """What is left to confirm a sign-in with, time after time: ten codes on paper are for the day it fails."""
    return account.second_factors - account.suspended - {factor, Factor.RECOVERY_CODE}


def may_report_lost(account: Account, factor: Factor, *, methods: Methods = STRONGEST_FIRST) -> Refusal | None:
    """Judge whether a factor may be suspended by someone with the password alone.

    Never the last way in: a stolen password would be enough to shut the owner out. Nor the last that the operator
    offers: it would be enough to be asked for one that the operator forbids.
    """
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if factor not in account.second_factors:
        return Refusal.FACTOR_UNKNOWN
    left = ways_in_without(account, factor) & set(methods_of(account, methods))
    return None if left else Refusal.ONLY_WAY_IN


def may_take_back(
    account: Account, session: Session, now: datetime, *, factor: Factor, fresh_for: timedelta
) -> Refusal | None:
    """Judge whether a factor that was reported lost may be trusted again: not on its own word (NIST 3.2.2)."""
    if session.factor is factor:
        return Refusal.NEEDS_ANOTHER_FACTOR
    return may_manage_factors(account, session, now, fresh_for=fresh_for)


def may_replace(
    account: Account, factor: Factor, now: datetime, *, made_at: datetime | None, hold_for: timedelta
) -> Refusal | None:
    """Judge whether another may take a factor's place: that removes the one before, so not while none may be removed.

    What was lost may be replaced at once, since whoever has found it is not its owner; and so may what was made only
    after the change, since it never stood before it.
    """
    stands = factor in account.factors - account.lost
    changed_at = account.number_changed_at
    is_newer = made_at is not None and changed_at is not None and made_at > changed_at
    return Refusal.FACTOR_HELD if stands and not is_newer and held_until(account, now, hold_for) else None


def may_add(factor: Factor, *, methods: Methods) -> Refusal | None:
    """Judge whether the operator offers this method."""
    return None if factor in methods else Refusal.METHOD_NOT_OFFERED


def may_enter_number(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may enter the number that its account lacks: as for any other factor."""
    if account.number is not None:
        return Refusal.NOT_NOW
    return may_manage_factors(account, session, now, fresh_for=fresh_for)


def may_remove_one(account: Account, factor: Factor, now: datetime, *, hold_for: timedelta) -> Refusal | None:
    """Judge whether one of several of a kind may go, such as one passkey of two: the method itself stays."""
    if factor not in account.factors:
        return Refusal.FACTOR_UNKNOWN
    return Refusal.FACTOR_HELD if held_until(account, now, hold_for) else None


def methods_of(account: Account, methods: Methods = STRONGEST_FIRST) -> tuple[Factor, ...]:
    """What the picker lists, in the operator's order.

    A method that the operator doesn't offer is accepted only from who would have no way in without it: a lost one is
    none.
    """
    offered = tuple(factor for factor in methods if factor in account.second_factors)
    if set(offered) - account.lost - {Factor.RECOVERY_CODE}:
        return offered
    return offered + tuple(factor for factor in STRONGEST_FIRST if factor in account.second_factors - set(offered))


def may_choose(account: Account, factor: Factor, *, methods: Methods) -> Refusal | None:
    """Judge whether a sign-in may be confirmed with this; a paused one has a page that says how it opens again."""
    if factor not in methods_of(account, methods):
        return Refusal.FACTOR_UNKNOWN
    return Refusal.REPORTED_LOST if factor in account.lost else None


def first_method(account: Account, methods: Methods = STRONGEST_FIRST) -> Factor:
    """What a sign-in asks for: the factor used last, else the operator's first; none that is suspended, if may be."""
    listed = methods_of(account, methods)
    by_day = tuple(factor for factor in listed if factor != Factor.RECOVERY_CODE) or listed
    at_hand = tuple(factor for factor in by_day if factor not in account.lost) or listed
    open_now = tuple(factor for factor in at_hand if factor not in account.suspended) or at_hand
    return account.last_factor if account.last_factor in open_now else open_now[0]


def lacks_demanded_factor(account: Account, *, demanded: bool) -> bool:
    """Whether the operator demands a factor besides the number which this account doesn't have.

    Asking is refused then, and so is using the link, rather than leaving the person without any way in after the reset.
    """
    return demanded and not account.factors - account.lost


def opening(
    account: Account, change: PhoneChange | None, *, pressed_here: bool, asked_here: bool, demanded: bool = False
) -> Opening:
    """Choose what a sign-in asks for after the password.

    Recovery codes are not asked for after the reset, unless the operator demands a factor: they are for the day when
    there is no other way, and the new number is one.
    """
    if account.is_frozen:
        return Opening(State.AWAITING_RELEASE_MAILBOX)
    if account.second_factors - {Factor.RECOVERY_CODE} or (account.factors and demanded):
        return Opening(State.AWAITING_FACTOR)
    onward = opening_to_number(account, change, pressed_here=pressed_here, asked_here=asked_here)
    return Opening(State.AWAITING_FACTOR) if onward.refusal and account.factors else onward


def opening_to_number(account: Account, change: PhoneChange | None, *, pressed_here: bool, asked_here: bool) -> Opening:
    """Choose the way to a new number.

    One mailbox never counts twice: a password that it renewed can be joined neither by a code to that same mailbox nor
    by having pressed the link that came to it, or reading someone's mail would be enough to take the account. It takes
    the browser that asked for the change, which had satisfied the second factor then. It matters not how long ago the
    password was renewed: an owner who signs in with a passkey alone may not have noticed.
    """
    if change is None or not change.awaits_number:
        return Opening(State.AWAITING_MAILBOX, needs_enrolment=True)
    if change.reset_at and account.password_rests_on_mailbox and not (pressed_here and asked_here):
        return Opening(State.AWAITING_MAILBOX, refusal=Refusal.NEEDS_PRESSING_BROWSER)
    return Opening(State.AWAITING_NEW_NUMBER if pressed_here else State.AWAITING_MAILBOX)


def pressed_in_this_browser(change: PhoneChange, now: datetime, *, window: timedelta, key_matches: bool) -> bool:
    """Whether this is the browser that pressed the link, not too long ago."""
    return key_matches and change.reset_at is not None and now < change.reset_at + window
