"""The time for which an account counts as changed recently."""

from datetime import datetime, timedelta

from renumber.domain.account import Account


def held_until(account: Account, now: datetime, hold_for: timedelta) -> datetime | None:
    """The end of the time in which payments are held and factors can't be removed; None if it is over."""
    if account.number_changed_at is None:
        return None
    until = account.number_changed_at + hold_for
    return until if now < until else None
