"""The length of the waits that stand in for a proof."""

from datetime import timedelta

from renumber.domain.account import Account
from renumber.policies.limits import Limits

USABLE_FOR = timedelta(days=3)  # after a wait is over; left alone for longer, it is told and waited for anew
ONE_MAILBOX = timedelta(hours=24)


def number_wait(account: Account, limits: Limits) -> timedelta:
    """The time that another browser than the asking one waits before it enters the new number.

    An operator may do without, but not where the mailbox vouches for the password as well: one mailbox never counts
    twice, and without a wait reading mail would be enough to take the account.
    """
    least = ONE_MAILBOX if account.password_rests_on_mailbox else timedelta(0)
    return max(limits.number_wait_for, least)
