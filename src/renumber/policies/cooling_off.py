"""The time for which an account counts as changed recently, and what is too new to be relied on in it."""

from datetime import datetime, timedelta

from renumber.domain.account import Account


def held_until(account: Account, now: datetime, hold_for: timedelta) -> datetime | None:
    """The end of the time in which payments are held and nothing older is taken away; None if it is over.

    It begins with the latest of: number changed, factor bound, password renewed by mail, release. Whoever did one of
    these without being the owner must not go on to take the owner's own things away before the owner has read of it.
    """
    return hold_end(account.changed_at, now, hold_for)


def hold_end(changed_at: datetime | None, now: datetime, hold_for: timedelta) -> datetime | None:
    """The same, where only the time of the change is known."""
    if changed_at is None:
        return None
    until = changed_at + hold_for
    return until if now < until else None


def is_new(bound_at: datetime | None, now: datetime, hold_for: timedelta) -> bool:
    """Judge whether something was bound so recently that its owner may not have read of it: it vouches for nothing."""
    return bound_at is not None and now < bound_at + hold_for
