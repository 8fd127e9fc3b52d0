"""The way of a sign-in after the right password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Factor
from renumber.domain.phone_change import PhoneChange
from renumber.domain.sign_in import SignInState


@dataclass(frozen=True, slots=True)
class Opening:
    """The state in which a sign-in begins."""

    state: SignInState
    needs_enrolment: bool = False


def lacks_demanded_factor(account: Account, *, demanded: bool) -> bool:
    """True if the operator demands a factor besides the number, and this account has none.

    Asking is refused then, and so is using the link, rather than leaving the person without any way in after the reset.
    """
    return demanded and not account.factors - account.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part that this browser had in a change: it asked, pressed the link, waits, or has waited."""

    asked: bool = False
    pressed: bool = False
    waits: bool = False
    has_waited: bool = False


NO_PART = Part()


def opening_after_password(
    account: Account, change: PhoneChange | None, part: Part, *, demanded: bool = False
) -> Opening:
    """Choose what a sign-in asks for after the password.

    Recovery codes are not asked for after the reset, unless the operator demands a factor or `needs_factor` says so:
    they are for the day when there is no other way, and the new number is one. After a recovery case nothing else is:
    two people, the mailbox and a wait have stood in for every factor.
    """
    if account.is_frozen:
        return Opening(SignInState.AWAITING_RELEASE_MAILBOX)
    if change and change.awaits_number and change.is_recovery:
        return opening_to_number(change, part)
    if account.second_factors - {Factor.RECOVERY_CODE} or (account.factors and demanded):
        return Opening(SignInState.AWAITING_FACTOR)
    if change and change.awaits_number and needs_factor(account, part):
        return Opening(SignInState.AWAITING_FACTOR)
    return opening_to_number(change, part)


def needs_factor(account: Account, part: Part) -> bool:
    """True if another factor comes before the new number: in any browser but the asking one, where there is one.

    Password and mailbox are not enough there, also when the owner has asked and a thief presses first. A recovery code
    counts where the mailbox vouches for the password as well. A factor that was reported lost is none, or there would
    be no way on at all.
    """
    kept_for_need = frozenset() if account.password_rests_on_mailbox else frozenset({Factor.RECOVERY_CODE})
    return not part.asked and bool(account.factors - account.lost - kept_for_need)


def opening_to_number(change: PhoneChange | None, part: Part) -> Opening:
    """Choose the way to a new number.

    The browser that asked had shown the second factor then, so it goes on: at once if it pressed the link as well, else
    by a code to the mailbox. Any other goes on by that code and a wait, which `must_wait` asks for after the code.
    """
    if change is None or not change.awaits_number:
        return Opening(SignInState.AWAITING_MAILBOX, needs_enrolment=True)
    if part.has_waited or (part.pressed and (part.asked or change.is_recovery)):
        return Opening(SignInState.AWAITING_NEW_NUMBER)
    return Opening(SignInState.WAITING if part.waits else SignInState.AWAITING_MAILBOX)


def must_wait(account: Account, change: PhoneChange, part: Part) -> bool:
    """True if the mailbox leads to a wait, not to the number: password and mailbox alone never bind one.

    For a first number nobody asked in any browser, and there is no second factor that could be robbed; but a password
    that the mailbox renewed isn't joined by that same mailbox: it never counts twice (NIST SP 800-63B-4 3.1.3.1).
    """
    if change.is_recovery:
        return False
    is_first = change.proof is None
    return not part.asked and not part.has_waited and (not is_first or account.password_rests_on_mailbox)


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
