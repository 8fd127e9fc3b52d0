"""The release of a frozen account: which freeze it ends, which numbers may answer, what has to be waited for."""

from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import STRONGER_THAN_TEXT, Factor
from renumber.domain.outcomes import Refusal
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.sign_in import SignIn
from renumber.domain.wait import WaitPurpose
from renumber.policies.limits import Limits
from renumber.policies.waits import ONE_MAILBOX

BY_LATER_NUMBER = Factor.NEW_NUMBER  # as the method of a sign-in that releases


def about_release(account: Account) -> str:
    """The freeze that codes and waits are for: once a release was stopped, another one begins anew."""
    begun_at = account.release_stopped_at or account.frozen_at
    return begun_at.isoformat() if begun_at else ""


def may_stop_release(account: Account, now: datetime, *, release_for: timedelta) -> bool:
    """True while a single channel may keep the account frozen, against who has shown mailbox and number.

    Not for ever: whoever reads the mail, and nothing else, would shut the owner out.
    """
    return account.frozen_at is not None and now < account.frozen_at + release_for


def later_releases_from(account: Account, *, release_for: timedelta) -> datetime | None:
    """The time from which the number after a recent change may release the account as well, after a wait.

    The number before never loses its say while the account is frozen. But it can't be the only one for ever: whoever
    has an old phone, and freezes the account with a text on it, would shut the owner out.
    """
    before = account.frozen_at and account.former_number_at(account.frozen_at)
    is_later = before and account.number and before != account.number
    return account.frozen_at + release_for if account.frozen_at and is_later else None


def later_number(account: Account, now: datetime, *, release_for: timedelta) -> PhoneNumber | None:
    """The number after a recent change, once it may release the account."""
    since = later_releases_from(account, release_for=release_for)
    return account.number if since and now >= since else None


def is_by_later(sign_in: SignIn) -> bool:
    """True if it releases by the number that was bound after a recent change."""
    return sign_in.method is BY_LATER_NUMBER


def releasing_number(account: Account, sign_in: SignIn, now: datetime) -> PhoneNumber | None:
    """The number that this release asks for its code, and that it binds again."""
    return account.number if is_by_later(sign_in) else account.number_for_release(now)


def release_wait(account: Account, sign_in: SignIn, now: datetime, *, limits: Limits) -> timedelta:
    """The time that has to pass after both proofs, before they release the account.

    Mail and text may come to one stolen phone: without a password, or with one that the mailbox renewed, nothing else
    was shown. The number after a recent change may be a thief's, who knows the password as well: who has the one before
    is told, and has the time to be quicker.
    """
    if is_by_later(sign_in):
        return max(limits.release_for, ONE_MAILBOX)
    is_shown = sign_in.link_id is None and not account.doubts_password(now, limits.mailed_password_for)
    return timedelta(0) if is_shown else ONE_MAILBOX


def release_purpose(sign_in: SignIn) -> WaitPurpose:
    """The wait of a release: one by the later number doesn't keep the owner from theirs."""
    return WaitPurpose.RELEASE_BY_LATER if is_by_later(sign_in) else WaitPurpose.RELEASE


def releases_if_older_than(account: Account, sign_in: SignIn, *, hold_for: timedelta) -> datetime | None:
    """The time before which a factor must have been made that releases instead of a wait; None if there is no such.

    Without the password it must have been there before the trouble: what was added shortly before the freeze may be of
    whoever was the reason for it.
    """
    if sign_in.link_id is None or account.frozen_at is None:
        return account.password_mailed_at
    before = account.frozen_at - hold_for
    return min(before, account.password_mailed_at or before)


def has_stronger(account: Account) -> bool:
    """True if something could release the account instead of a wait."""
    return any(may_release_with(account, factor) is None for factor in STRONGER_THAN_TEXT)


def may_release_with(account: Account, factor: Factor) -> Refusal | None:
    """Judge whether a frozen account may be released by this instead of a wait; by when it was made, once proven."""
    return None if factor in account.factors & STRONGER_THAN_TEXT - account.lost else Refusal.FACTOR_UNKNOWN
