"""For how long an account counts as changed recently."""

from datetime import datetime, timedelta

from renumber.domain.account import Account


def held_until(account: Account, now: datetime, hold_for: timedelta) -> datetime | None:
    """Until when apps should hold payments and factors can't be removed; None if that time is over."""
    if account.number_changed_at is None:
        return None
    until = account.number_changed_at + hold_for
    return until if now < until else None
