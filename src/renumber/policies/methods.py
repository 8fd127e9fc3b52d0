"""The methods of confirming a sign-in, and the order in which they are offered."""

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal

STRONGEST_FIRST = (Factor.PASSKEY, Factor.PUSH, Factor.TOTP, Factor.PHONE, Factor.RECOVERY_CODE)


SECOND_FACTORS = frozenset(STRONGEST_FIRST)


Methods = tuple[Factor, ...]


def may_add(factor: Factor, *, methods: Methods) -> Refusal | None:
    """Judge whether the operator offers this method."""
    return None if factor in methods else Refusal.METHOD_NOT_OFFERED


def methods_of(account: Account, methods: Methods = STRONGEST_FIRST) -> tuple[Factor, ...]:
    """The methods that the picker lists, in the operator's order.

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
    """The method that a sign-in asks for: the one used last, else the operator's first, suspended ones only at need."""
    listed = methods_of(account, methods)
    by_day = tuple(factor for factor in listed if factor != Factor.RECOVERY_CODE) or listed
    at_hand = tuple(factor for factor in by_day if factor not in account.lost) or listed
    open_now = tuple(factor for factor in at_hand if factor not in account.suspended) or at_hand
    return account.last_factor if account.last_factor in open_now else open_now[0]
