"""The rules of a check of somebody who calls: how they may prove themselves, how often, and what it is worth."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.support.caller_check import OPEN, CallerCheck, CheckState
from renumber.policies.limits import Allowance, Limits

CALLER_METHODS = (Factor.PUSH, Factor.TOTP, Factor.PHONE)
"""The methods that the page offers to everybody, whatever the account has: a stranger learns nothing from the list.

A recovery code isn't among them, since nobody should use one up for a call.
"""

NUMBER_PARTS = 2  # of six digits each: forty bits, of which few are in use at a time, for a few minutes
NUMBER_DIGITS = 6 * NUMBER_PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRules:
    """The operator's choices for checks of callers."""

    open_for: timedelta = timedelta(minutes=10)
    prove_for: timedelta = timedelta(minutes=10)
    counts_for: timedelta = timedelta(hours=1)
    tries: int = 3
    sends: int = 3
    per_account: int = 3
    per_agent: int = 60
    numbers_per_ip: int = 20


def account_allowances(rules: CallerRules) -> tuple[Allowance, ...]:
    """The checks a day of one account: each tells its owner, and lets somebody try who has shown nothing."""
    return (Allowance(rules.per_account, timedelta(days=1)),)


def agent_allowances(rules: CallerRules) -> tuple[Allowance, ...]:
    """The checks a day of one agent."""
    return (Allowance(rules.per_agent, timedelta(days=1)),)


def number_allowances(rules: CallerRules) -> tuple[Allowance, ...]:
    """The numbers of checks that may be typed from one IP address, right ones included: they can't be guessed."""
    return (Allowance(rules.numbers_per_ip, timedelta(hours=1)),)


def text_allowances(rules: CallerRules) -> tuple[Allowance, ...]:
    """The texts a day to one number for calls, apart from those of sign-ins: no caller uses up an owner's codes."""
    return (Allowance(rules.per_account * rules.sends, timedelta(days=1)),)


def takes_callers(status: FactorStatus, limits: Limits) -> bool:
    """Say whether a factor takes the answer of a caller, who has shown nothing before.

    Wrong answers count as everywhere, yet callers alone get no further than half of the way to a suspension: whoever
    has nothing must not close what its owner opens with a password.
    """
    is_far = status.wrong_in_a_row < limits.suspend_after // 2 and status.guesses < limits.guess_ceiling // 2
    return status.bar is None and is_far


class CallerStand(StrEnum):
    """The standing of a caller at the console: red for all but one of them."""

    UNASKED = "unasked"
    ASKED = "asked"
    OPENED = "opened"
    PROVEN = "proven"
    OUTDATED = "outdated"
    FAILED = "failed"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def caller_stand(check: CallerCheck | None, now: datetime, rules: CallerRules) -> CallerStand:
    """Say whether whoever is on the phone has proven themselves; a proof is good for a call, and not for the next."""
    if check is None:
        return CallerStand.UNASKED
    if check.state in OPEN and not check.is_open_at(now):
        return CallerStand.EXPIRED
    if check.state is CheckState.PROVEN and not stands(check, now, rules):
        return CallerStand.OUTDATED
    return CallerStand(check.state.value)


def stands(check: CallerCheck, now: datetime, rules: CallerRules) -> bool:
    """Say whether a proof is of this call."""
    is_proven = check.state is CheckState.PROVEN and check.settled_at is not None
    return is_proven and check.settled_at is not None and now < check.settled_at + rules.counts_for


def is_evidence(check: CallerCheck, now: datetime, rules: CallerRules) -> bool:
    """Say whether a proof may stand in a recovery case: of this call, once, and by what isn't new in the account."""
    return stands(check, now, rules) and not check.is_new and check.evidence_at is None
