"""Which evidence is enough for which act."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.authenticator import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.session import Session
from renumber.domain.sign_in import State

SECOND_FACTORS = frozenset({Factor.PHONE})


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
    if session.factor not in SECOND_FACTORS:
        return Refusal.NEEDS_SECOND_FACTOR
    if not session.is_fresh(now, fresh_for):
        return Refusal.NEEDS_FRESH_AUTHENTICATION
    return None


def lacks_demanded_factor(enrolled: frozenset[Factor], *, demanded: bool) -> bool:
    """Whether the operator demands a factor besides the number which this account doesn't have.

    Asking is refused then, rather than leaving the person without any way in after the reset.
    """
    return demanded and not enrolled - {Factor.PHONE}


def opening(account: Account, change: PhoneChange | None, *, pressed_here: bool, asked_here: bool) -> Opening:
    """Choose what a sign-in asks for after the password.

    One mailbox never counts twice: a password that it renewed during the change can be joined neither by a code to
    that same mailbox nor by having pressed the link that came to it, or reading someone's mail would be enough to take
    the account. It takes the browser that asked for the change, which had satisfied the second factor then.
    """
    if account.is_frozen:
        return Opening(State.AWAITING_RELEASE_MAILBOX)
    if account.number is not None:
        return Opening(State.AWAITING_FACTOR)
    if change is None or not change.awaits_number:
        return Opening(State.AWAITING_MAILBOX, needs_enrolment=True)
    if account.mailbox_vouched_since(change.reset_at) and not (pressed_here and asked_here):
        return Opening(State.AWAITING_MAILBOX, refusal=Refusal.NEEDS_PRESSING_BROWSER)
    return Opening(State.AWAITING_NEW_NUMBER if pressed_here else State.AWAITING_MAILBOX)


def pressed_in_this_browser(change: PhoneChange, now: datetime, *, window: timedelta, key_matches: bool) -> bool:
    """Whether this is the browser that pressed the link, not too long ago."""
    return key_matches and change.reset_at is not None and now < change.reset_at + window
