"""The way of a sign-in after the right password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_change import PhoneChange
from renumber.domain.sign_in import SignInState


@dataclass(frozen=True, slots=True)
class Opening:
    """The state in which a sign-in begins, or the refusal of it."""

    state: SignInState
    needs_enrolment: bool = False
    refusal: Refusal | None = None


def lacks_demanded_factor(account: Account, *, demanded: bool) -> bool:
    """True if the operator demands a factor besides the number, and this account has none.

    Asking is refused then, and so is using the link, rather than leaving the person without any way in after the reset.
    """
    return demanded and not account.factors - account.lost


def opening_after_password(
    account: Account, change: PhoneChange | None, *, pressed_here: bool, asked_here: bool, demanded: bool = False
) -> Opening:
    """Choose what a sign-in asks for after the password.

    Recovery codes are not asked for after the reset, unless the operator demands a factor: they are for the day when
    there is no other way, and the new number is one.
    """
    if account.is_frozen:
        return Opening(SignInState.AWAITING_RELEASE_MAILBOX)
    if account.second_factors - {Factor.RECOVERY_CODE} or (account.factors and demanded):
        return Opening(SignInState.AWAITING_FACTOR)
    onward = opening_to_number(account, change, pressed_here=pressed_here, asked_here=asked_here)
    return Opening(SignInState.AWAITING_FACTOR) if onward.refusal and account.factors else onward


def opening_to_number(account: Account, change: PhoneChange | None, *, pressed_here: bool, asked_here: bool) -> Opening:
    """Choose the way to a new number.

    One mailbox never counts twice: a password that it renewed can be joined neither by a code to that same mailbox nor
    by having pressed the link that came to it, or reading someone's mail would be enough to take the account. It takes
    the browser that asked for the change, which had satisfied the second factor then. It matters not how long ago the
    password was renewed: an owner who signs in with a passkey alone may not have noticed.
    """
    if change is None or not change.awaits_number:
        return Opening(SignInState.AWAITING_MAILBOX, needs_enrolment=True)
    if change.reset_at and account.password_rests_on_mailbox and not (pressed_here and asked_here):
        return Opening(SignInState.AWAITING_MAILBOX, refusal=Refusal.NEEDS_PRESSING_BROWSER)
    return Opening(SignInState.AWAITING_NEW_NUMBER if pressed_here else SignInState.AWAITING_MAILBOX)


def way_to(factor: Factor, account: Account, *, proves_number_first: bool) -> SignInState:
    """Choose the way to a factor: a number that an operator entered may be a stranger's, who must not get in alone.

    Nobody has shown possession of it here, and so it takes a code to the mailbox before the first one to it.
    """
    if factor is Factor.PHONE and account.numbers.is_unproven and proves_number_first:
        return SignInState.AWAITING_MAILBOX
    return SignInState.AWAITING_FACTOR


def pressed_in_this_browser(change: PhoneChange, now: datetime, *, window: timedelta, key_matches: bool) -> bool:
    """True if this is the browser that pressed the link, not too long ago."""
    return key_matches and change.reset_at is not None and now < change.reset_at + window
