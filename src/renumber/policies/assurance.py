"""The evidence that each act requires."""

from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Session
from renumber.policies.cooling_off import held_until, is_new
from renumber.policies.methods import SECOND_FACTORS, STRONGEST_FIRST, Methods, methods_of

NONE: frozenset[Factor] = frozenset()


def may_change_number(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may ask for a change of the number.

    A session without its second factor is refused although the password is right: otherwise a stolen
    password and a stolen mailbox would be enough (NIST SP 800-63B-4 3.1.3.3, ASVS 7.5.1).
    """
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if account.number is None:
        return Refusal.NO_NUMBER
    return _is_confirmed(account, session, now, fresh_for=fresh_for)


def may_wait_instead(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may begin to wait in place of an older factor; everybody is told, and can stop it."""
    return _is_confirmed(account, session, now, fresh_for=fresh_for)


def _is_confirmed(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if session.factor not in SECOND_FACTORS:
        return Refusal.NEEDS_SECOND_FACTOR
    return None if session.is_fresh(now, fresh_for) else Refusal.NEEDS_FRESH_AUTHENTICATION


def may_manage_factors(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may change its account's factors, or look at what is secret about one (ASVS 7.5.1).

    Something has to be proven in the session itself: the cookie of a sign-in a moment ago is not enough, or whoever
    steals it binds a factor of their own and needs no cookie any more.
    """
    refusal = _is_confirmed(account, session, now, fresh_for=fresh_for)
    is_reauthenticated = session.is_reauthenticated(now, fresh_for)
    return refusal or (None if is_reauthenticated else Refusal.NEEDS_FRESH_AUTHENTICATION)


def renewed_with(account: Account, methods: Methods = STRONGEST_FIRST) -> frozenset[Factor]:
    """Find the factors that may renew a session in place of the password (NIST SP 800-63B-4 2.2.3).

    It takes a secret that one knows or a trait that one is; a passkey that verifies its person has that and the device
    in one. A code that an unlocked phone shows to anybody hasn't.
    """
    return frozenset(methods_of(account, methods)) & {Factor.PASSKEY} - account.suspended


def may_renew(session: Session, made_at: datetime, now: datetime, *, hold_for: timedelta) -> Refusal | None:
    """Judge whether a passkey is old enough to renew a session: one that a thief has just added must not vouch."""
    is_own_child = made_at >= session.created_at
    return Refusal.FACTOR_TOO_NEW if is_own_child or is_new(made_at, now, hold_for) else None


def may_remove_factor(
    account: Account,
    factor: Factor,
    now: datetime,
    *,
    made_at: datetime | None,
    hold_for: timedelta,
    new: frozenset[Factor] = NONE,
) -> Refusal | None:
    """Judge whether a factor, made then, may go: none that stood before a recent change, and never the last one.

    Those of the others that are `new` count for nothing.
    """
    refusal = may_remove_one(account, factor, now, made_at=made_at, hold_for=hold_for)
    if refusal:
        return refusal
    left = ways_in_without(account, factor)
    return _judge_left(left, left - new, Refusal.LAST_FACTOR)


def may_remove_one(
    account: Account, factor: Factor, now: datetime, *, made_at: datetime | None, hold_for: timedelta
) -> Refusal | None:
    """Judge whether one of several of a kind may go, such as one passkey of two: the method itself stays."""
    if factor not in account.factors:
        return Refusal.FACTOR_UNKNOWN
    is_held = account.stood_before_change(made_at) and held_until(account, now, hold_for)
    return Refusal.FACTOR_HELD if is_held else None


def _judge_left(left: frozenset[Factor], lasting: frozenset[Factor], without: Refusal) -> Refusal | None:
    if lasting:
        return None
    return Refusal.OTHERS_TOO_NEW if left else without


def ways_in_without(account: Account, factor: Factor) -> frozenset[Factor]:
    """Find the factors that still confirm sign-ins without this one; recovery codes don't count, since they run out."""
    return account.second_factors - account.suspended - {factor, Factor.RECOVERY_CODE}


def may_report_lost(
    account: Account, factor: Factor, *, methods: Methods = STRONGEST_FIRST, new: frozenset[Factor] = NONE
) -> Refusal | None:
    """Judge whether a factor may be suspended by someone with the password alone.

    Never the last way in: a stolen password would be enough to shut the owner out. Nor the last that the operator
    offers: it would be enough to be asked for one that the operator forbids. One that is `new` is no other way in: it
    may be the thief's own.
    """
    if account.is_frozen:
        return Refusal.ACCOUNT_FROZEN
    if factor not in account.second_factors:
        return Refusal.FACTOR_UNKNOWN
    left = ways_in_without(account, factor) & set(methods_of(account, methods))
    return _judge_left(left, left - new, Refusal.ONLY_WAY_IN)


def may_restore_lost(
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

    Neither what was reported lost: that pauses it, and whoever reports it must not put their own in its place.
    """
    stands = factor in account.factors and account.stood_before_change(made_at)
    return Refusal.FACTOR_HELD if stands and held_until(account, now, hold_for) else None


def may_enter_number(account: Account, session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether this session may enter the number that its account lacks: as for any other factor."""
    if account.number is not None:
        return Refusal.NOT_NOW
    return may_manage_factors(account, session, now, fresh_for=fresh_for)
