"""Who may answer for a company, and how long its people's changes wait for that."""

from collections.abc import Collection
from datetime import datetime, timedelta

from renumber.domain.account import Account
from renumber.domain.organisations.company_wait import CompanyWait
from renumber.domain.organisations.membership import Administrator
from renumber.domain.organisations.organisation import Organisation
from renumber.domain.outcomes import Refusal
from renumber.domain.session import Session
from renumber.domain.support.staff import ENOUGH
from renumber.policies.limits import Limits


def administrator_of(account: Account) -> Administrator | None:
    """Say as whom an account may see its company's people, if it may at all."""
    membership = account.membership
    if membership is None or not membership.is_administrator or account.is_frozen:
        return None
    return Administrator(account.account_id, membership.organisation_id)


def may_see(session: Session) -> bool:
    """Judge whether a session is confirmed by a factor that can't be talked out of anybody (NIST 3.1.3)."""
    return session.factor in ENOUGH


def may_answer(session: Session, now: datetime, *, fresh_for: timedelta) -> Refusal | None:
    """Judge whether an administrator's session may answer for somebody: something was proven in it not long ago."""
    if not may_see(session):
        return Refusal.NEEDS_SECOND_FACTOR
    return None if session.is_reauthenticated(now, fresh_for) else Refusal.NEEDS_FRESH_AUTHENTICATION


def can_answer(account: Account) -> bool:
    """Tell whether an administrator could answer: one who has no factor for it, or lost it, is no reason to wait."""
    usable = account.factors & ENOUGH - account.suspended
    return administrator_of(account) is not None and account.has_password and bool(usable)


def wait_of_change(
    organisation: Organisation | None,
    administrators: Collection[Account],
    *,
    of: str,
    now: datetime,
    limits: Limits,
) -> CompanyWait | None:
    """The wait that an organisation demands of a change; it goes on by itself where nobody else could confirm it."""
    if organisation is None or not organisation.changes_wait:
        return None
    others = [each for each in administrators if each.account_id != of and can_answer(each)]
    until = now + limits.company_wait_for
    return CompanyWait(until=until, goes_on=not others, tell_at=next_telling(now, until))


def next_telling(now: datetime, until: datetime) -> datetime | None:
    """Administrators are told again once half of what is left has passed, unless that is less than an hour."""
    left = until - now
    return now + left / 2 if left >= timedelta(hours=2) else None
