"""Advice to customer relations: where a person stands, and what would help, the most urgent of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from renumber.domain.account import Account
from renumber.domain.factor import AUTHENTICATORS, Factor
from renumber.domain.messages.message import Delivery, DeliveryState, Notice
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.support.recovery_case import CaseState, RecoveryCase
from renumber.domain.wait import Wait, WaitPurpose
from renumber.policies.cooling_off import held_until
from renumber.policies.limits import Limits
from renumber.policies.release import about_release

MAILBOXES = frozenset({Factor.MAILBOX, Factor.RELEASE_MAILBOX})
JUST_NOW = timedelta(hours=1)  # a text that was asked for longer ago is not what somebody calls about


class Stand(StrEnum):
    """Where a person stands; web/templates/console/_advice.html has a sentence for each."""

    RELEASE_WAITS = "release_waits"
    FROZEN = "frozen"
    CASE_READY = "case_ready"
    CASE_WAITING = "case_waiting"
    CASE_IN_REVIEW = "case_in_review"
    CASE_COLLECTING = "case_collecting"
    NUMBER_WAITS = "number_waits"
    NEW_CODE_GIVEN_UP = "new_code_given_up"
    NEW_CODE_LATE = "new_code_late"
    NEW_CODE_SENT = "new_code_sent"
    NUMBER_RESET = "number_reset"
    NUMBER_MISSING = "number_missing"
    LINK_EXPIRED = "link_expired"
    LINK_GIVEN_UP = "link_given_up"
    LINK_LATE = "link_late"
    LINK_ON_ITS_WAY = "link_on_its_way"
    LINK_UNUSED = "link_unused"
    DISABLED = "disabled"
    SUSPENDED = "suspended"
    MAILBOX_SUSPENDED = "mailbox_suspended"
    TEXT_GIVEN_UP = "text_given_up"
    TEXT_LATE = "text_late"
    LOST = "lost"
    PASSWORD_WAITS = "password_waits"  # noqa: S105 - the name of a state
    NEVER_SIGNED_IN = "never_signed_in"
    NO_NUMBER = "no_number"
    PASSWORD_DOUBTED = "password_doubted"  # noqa: S105 - the name of a state
    CHANGED_RECENTLY = "changed_recently"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the advice rests on: `deliveries` are the newest message of each kind, as far as there is one."""

    account: Account
    now: datetime
    limits: Limits
    change: PhoneChange | None = None
    case: RecoveryCase | None = None
    waits: Sequence[Wait] = ()
    deliveries: Mapping[Notice, Delivery] = field(default_factory=dict)

    def delivery(self, notice: Notice, since: datetime) -> Delivery | None:
        """The newest message of a kind, unless it is older than what it would be about."""
        found = self.deliveries.get(notice)
        return found if found and found.written_at >= since else None

    def wait(self, *purposes: WaitPurpose, about: str) -> Wait | None:
        """The wait that stands for this and isn't over yet."""
        standing = (each for each in self.waits if each.purpose in purposes and each.stands(about, self.now))
        return next((each for each in standing if not each.is_over(self.now)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportAdvice:
    """One sentence: where the person stands, since when, until when, and which factors it is about."""

    stand: Stand
    at: datetime | None = None
    until: datetime | None = None
    factors: frozenset[Factor] = frozenset()


Rule = Callable[[Situation], SupportAdvice | None]


def advise(here: Situation) -> SupportAdvice:
    """Say what matters most to somebody who calls now."""
    found = (rule(here) for rule in MOST_URGENT_FIRST)
    return next((advice for advice in found if advice), SupportAdvice(stand=Stand.NOTHING))


def _frozen(here: Situation) -> SupportAdvice | None:
    if not here.account.is_frozen:
        return None
    wait = here.wait(WaitPurpose.RELEASE, WaitPurpose.RELEASE_BY_LATER, about=about_release(here.account))
    if wait:
        return SupportAdvice(stand=Stand.RELEASE_WAITS, at=here.account.frozen_at, until=wait.over_at)
    return SupportAdvice(stand=Stand.FROZEN, at=here.account.frozen_at)


def _case(here: Situation) -> SupportAdvice | None:
    case = here.case
    if case is None or not case.is_open:
        return None
    if case.state is CaseState.WAITING:
        return SupportAdvice(stand=Stand.CASE_WAITING, at=case.opened_at, until=case.over_at)
    return SupportAdvice(stand=STAND_OF_CASE[case.state], at=case.opened_at, until=case.expires_at)


STAND_OF_CASE = {
    CaseState.COLLECTING: Stand.CASE_COLLECTING,
    CaseState.IN_REVIEW: Stand.CASE_IN_REVIEW,
    CaseState.READY: Stand.CASE_READY,
}


def _new_number(here: Situation) -> SupportAdvice | None:
    change = here.change
    if change is None or not change.awaits_number:
        return None
    if wait := here.wait(WaitPurpose.NEW_NUMBER, about=change.change_id):
        return SupportAdvice(stand=Stand.NUMBER_WAITS, at=change.reset_at, until=wait.over_at)
    if change.reset_at is None:
        return SupportAdvice(stand=Stand.NUMBER_MISSING, at=change.requested_at)
    code = here.delivery(Notice.NEW_NUMBER_CODE, change.reset_at)
    if change.state is ChangeState.AWAITING_CODE and code:
        return SupportAdvice(stand=_stand_of_new_code(code, here.now), at=code.written_at)
    return SupportAdvice(stand=Stand.NUMBER_RESET, at=change.reset_at)


def _stand_of_new_code(code: Delivery, now: datetime) -> Stand:
    if code.state is DeliveryState.GIVEN_UP:
        return Stand.NEW_CODE_GIVEN_UP
    return Stand.NEW_CODE_LATE if code.is_late(now) else Stand.NEW_CODE_SENT


def _link(here: Situation) -> SupportAdvice | None:
    change = here.change
    if change is None or change.state is not ChangeState.REQUESTED:
        return None
    if change.link_is_expired(here.now):
        return SupportAdvice(stand=Stand.LINK_EXPIRED, at=change.link_expires_at)
    mail = here.delivery(Notice.CHANGE_REQUESTED, change.requested_at)
    return SupportAdvice(stand=_stand_of_link(mail, here.now), at=change.requested_at, until=change.link_expires_at)


def _stand_of_link(mail: Delivery | None, now: datetime) -> Stand:
    if mail is None or mail.state is DeliveryState.SENT:
        return Stand.LINK_UNUSED
    if mail.state is DeliveryState.GIVEN_UP:
        return Stand.LINK_GIVEN_UP
    return Stand.LINK_LATE if mail.is_late(now) else Stand.LINK_ON_ITS_WAY


def _disabled(here: Situation) -> SupportAdvice | None:
    factors = here.account.disabled & here.account.suspended
    return SupportAdvice(stand=Stand.DISABLED, factors=factors) if factors else None


def _suspended(here: Situation) -> SupportAdvice | None:
    account = here.account
    factors = account.suspended & (AUTHENTICATORS | {Factor.NEW_NUMBER}) - account.lost - account.disabled
    return SupportAdvice(stand=Stand.SUSPENDED, factors=factors) if factors else None


def _mailbox(here: Situation) -> SupportAdvice | None:
    factors = here.account.suspended & MAILBOXES
    return SupportAdvice(stand=Stand.MAILBOX_SUSPENDED, factors=factors) if factors else None


def _text(here: Situation) -> SupportAdvice | None:
    code = here.delivery(Notice.SIGN_IN_CODE, here.now - JUST_NOW)
    if code is None:
        return None
    if code.state is DeliveryState.GIVEN_UP:
        return SupportAdvice(stand=Stand.TEXT_GIVEN_UP, at=code.written_at)
    return SupportAdvice(stand=Stand.TEXT_LATE, at=code.written_at) if code.is_late(here.now) else None


def _lost(here: Situation) -> SupportAdvice | None:
    return SupportAdvice(stand=Stand.LOST, factors=here.account.lost) if here.account.lost else None


def _password_waits(here: Situation) -> SupportAdvice | None:
    mailed_at = here.account.password_mailed_at
    wait = here.wait(WaitPurpose.PASSWORD, about=mailed_at.isoformat()) if mailed_at else None
    return SupportAdvice(stand=Stand.PASSWORD_WAITS, until=wait.over_at) if wait else None


def _not_begun(here: Situation) -> SupportAdvice | None:
    if not here.account.has_signed_in:
        return SupportAdvice(stand=Stand.NEVER_SIGNED_IN, at=here.account.created_at)
    return None if here.account.number else SupportAdvice(stand=Stand.NO_NUMBER)


def _doubted(here: Situation) -> SupportAdvice | None:
    mailed_at, doubted_for = here.account.password_mailed_at, here.limits.mailed_password_for
    if mailed_at is None or not here.account.doubts_password(here.now, doubted_for):
        return None
    return SupportAdvice(stand=Stand.PASSWORD_DOUBTED, at=mailed_at, until=mailed_at + doubted_for)


def _changed(here: Situation) -> SupportAdvice | None:
    until = held_until(here.account, here.now, here.limits.hold_for)
    return SupportAdvice(stand=Stand.CHANGED_RECENTLY, at=here.account.changed_at, until=until) if until else None


MOST_URGENT_FIRST: tuple[Rule, ...] = (
    _frozen,
    _case,
    _new_number,
    _link,
    _disabled,
    _suspended,
    _mailbox,
    _text,
    _lost,
    _password_waits,
    _not_begun,
    _doubted,
    _changed,
)
