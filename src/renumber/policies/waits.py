"""The waits that stand in for a proof: how long they are, and what makes them needless."""

from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.factor import Proven
from renumber.policies.limits import Limits

USABLE_FOR = timedelta(days=3)  # after a wait is over; left alone for longer, it is told and waited for anew
ONE_MAILBOX = timedelta(hours=24)  # where mail and text may be in one hand


def number_wait(account: Account, limits: Limits) -> timedelta:
    """The time that another browser than the asking one waits before it enters the new number.

    An operator may do without, but not where the mailbox vouches for the password as well: one mailbox never counts
    twice, and without a wait reading mail would be enough to take the account.
    """
    least = ONE_MAILBOX if account.password_rests_on_mailbox else timedelta(0)
    return max(limits.number_wait_for, least)


def needs_older_factor(account: Account, proven: Proven | None, now: datetime, *, doubted_for: timedelta) -> bool:
    """True if the password was renewed by mail so recently that a text, or what was added since, doesn't prove it."""
    mailed_at = account.password_mailed_at
    if mailed_at is None or not account.doubts_password(now, doubted_for):
        return False
    return proven is None or not proven.is_stronger_and_older(mailed_at)
