"""The notices of each fact: sent over every channel on file, never only to the new number (NIST 4.6)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from renumber.domain.challenge import CodePurpose
from renumber.domain.facts import Fact
from renumber.domain.messages.message import NO_BURST, Channel, Notice
from renumber.policies.limits import Limits


class Audience(Enum):
    """The addresses that a notice goes to; the former numbers are the one just replaced and the oldest one on file."""

    MAILBOX = "mailbox"
    FORMER_NUMBER = "former_number"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice to one audience; `stoppable` gives it a "This wasn't me" link."""

    notice: Notice
    audience: Audience
    stoppable: bool = False

    @property
    def channel(self) -> Channel:
        """The channel that reaches this audience."""
        return Channel.EMAIL if self.audience is Audience.MAILBOX else Channel.SMS


def _mail(notice: Notice, *, stoppable: bool = True) -> Telling:
    return Telling(notice, Audience.MAILBOX, stoppable)


def _former(notice: Notice) -> Telling:
    return Telling(notice, Audience.FORMER_NUMBER, stoppable=True)


def _everywhere(notice: Notice, *, stoppable: bool = True) -> tuple[Telling, ...]:
    return (_mail(notice, stoppable=stoppable), Telling(notice, Audience.NUMBERS, stoppable))


TOLD: dict[Fact, tuple[Telling, ...]] = {
    Fact.CHANGE_REQUESTED: (_mail(Notice.CHANGE_REQUESTED),),
    Fact.CHANGE_LINK_REPLACED: (_mail(Notice.CHANGE_REQUESTED),),
    Fact.NUMBER_RESET: (_mail(Notice.NUMBER_RESET), _former(Notice.NUMBER_RESET)),
    Fact.NUMBER_WAIT_STARTED: (_mail(Notice.NUMBER_WAIT), _former(Notice.NUMBER_WAIT)),
    Fact.NUMBER_CHANGED: (_mail(Notice.NUMBER_CHANGED), _former(Notice.NUMBER_CHANGED)),
    Fact.NUMBER_PROVEN: (_mail(Notice.NUMBER_PROVEN),),
    Fact.NUMBER_BOUND: (_mail(Notice.NUMBER_ADDED),),
    Fact.ACCOUNT_FROZEN: _everywhere(Notice.ACCOUNT_FROZEN, stoppable=False),
    Fact.ACCOUNT_RELEASED: _everywhere(Notice.ACCOUNT_RELEASED),
    Fact.ACTIVATION_LINK_SENT: (_mail(Notice.ACTIVATION_LINK, stoppable=False),),
    Fact.PASSWORD_LINK_SENT: (_mail(Notice.PASSWORD_LINK, stoppable=False),),
    Fact.PASSWORD_WAIT_STARTED: _everywhere(Notice.PASSWORD_WAIT),
    Fact.RELEASE_WAIT_STARTED: _everywhere(Notice.RELEASE_WAIT),
    Fact.LAST_RELEASE_WAIT_STARTED: _everywhere(Notice.LAST_RELEASE_WAIT, stoppable=False),
    Fact.RELEASE_STOPPED: _everywhere(Notice.RELEASE_STOPPED, stoppable=False),
    Fact.PASSWORD_CHANGED: _everywhere(Notice.PASSWORD_CHANGED),
    Fact.SIGNED_IN_FROM_NEW_BROWSER: _everywhere(Notice.NEW_BROWSER),
    Fact.FACTOR_ADDED: _everywhere(Notice.FACTOR_ADDED),
    Fact.FACTOR_REMOVED: _everywhere(Notice.FACTOR_REMOVED),
    Fact.PASSKEY_CLONED: _everywhere(Notice.PASSKEY_CLONED),
    Fact.PASSKEY_RENAMED: (),
    Fact.FACTOR_LOST: _everywhere(Notice.FACTOR_LOST),
    Fact.FACTOR_FOUND: _everywhere(Notice.FACTOR_FOUND),
    Fact.RECOVERY_CODE_USED: _everywhere(Notice.RECOVERY_CODE_USED),
    Fact.METHOD_CHOSEN: (),
    Fact.FACTOR_ENROLMENT_STARTED: (),
    Fact.PUSH_ASKED: (),
    Fact.PUSH_APPROVED: (),
    Fact.PUSH_DENIED: (),
    Fact.DEVICE_SCANNED: (),
    Fact.DEVICE_REJECTED: (),
    Fact.DEVICE_SUBSCRIBED: (),
    Fact.DEVICE_UNSUBSCRIBED: (),
    Fact.DEVICE_RENAMED: (),
    Fact.FACTOR_WARNED: (),
    Fact.FACTOR_SUSPENDED: _everywhere(Notice.FACTOR_SUSPENDED),
    Fact.FACTOR_DISABLED: (
        _mail(Notice.FACTOR_DISABLED),
        Telling(Notice.FACTOR_SUSPENDED, Audience.NUMBERS, stoppable=True),
    ),
    Fact.MAILBOX_SUSPENDED: (
        _mail(Notice.MAILBOX_SUSPENDED),
        Telling(Notice.FACTOR_SUSPENDED, Audience.NUMBERS, stoppable=True),
    ),
    Fact.RELEASE_PAUSED: (_mail(Notice.RELEASE_PAUSED, stoppable=False),),
    Fact.WRONG_FACTOR_GIVEN: (_mail(Notice.WRONG_FACTOR),),
    Fact.SESSIONS_ENDED: _everywhere(Notice.SESSIONS_ENDED),
    Fact.SESSION_ENDED: _everywhere(Notice.SESSIONS_ENDED),
    Fact.SIGN_IN_STARTED: (),
    Fact.SIGNED_IN: (),
    Fact.REAUTHENTICATED: (),
    Fact.STEPPED_UP: (),
    Fact.SIGNED_OUT: (),
    Fact.CODE_SENT: (),
    Fact.CODE_PROVEN: (),
    Fact.FACTOR_RESTORED: (),
    Fact.FACTOR_DOUBTED: (),
    Fact.MAILBOX_PROVEN: (),
    Fact.CHANGE_CANCELLED: (),
    Fact.CHANGE_EXPIRED: (),
    Fact.CHANGE_STOPPED: (),
    Fact.ENROLMENT_STARTED: (),
    Fact.NEW_NUMBER_ENTERED: (),
    Fact.JOURNEY_OFFERED: (),
    Fact.JOURNEY_BEGUN: (),
    Fact.ACCOUNT_CREATED: (),
    Fact.ACCOUNT_SHOWN: (),
    Fact.RELEASE_LINK_SENT: (_mail(Notice.PASSWORD_LINK_FROZEN, stoppable=False),),
    Fact.RELEASE_STARTED: (),
    Fact.ACCOUNT_ERASED: (),
    Fact.REFUSALS_COUNTED: (),
    Fact.LANGUAGE_CHOSEN: (),
    Fact.PASSWORD_UPGRADED: (),
    Fact.GRANT_GIVEN: (),
    Fact.TOKENS_GIVEN: (),
    Fact.GRANT_ENDED: (),
    Fact.CONSENT_GIVEN: (),
    Fact.ACCESS_WITHDRAWN: (),
    Fact.STAFF_ROLE_GIVEN: (),
    Fact.STAFF_ROLE_PROPOSED: (),
    Fact.STAFF_ROLE_REMOVED: (),
    Fact.STAFF_LOOKED: (),
    Fact.STAFF_NOTED: (),
    Fact.STAFF_SEARCHED: (),
    Fact.HISTORY_EXPORTED: (),
    Fact.STAFF_HELPED: (_mail(Notice.HELP_GIVEN),),
    Fact.STAFF_ENTERED: (),
    Fact.STAFF_SIGNED_IN: (),
    Fact.STAFF_SIGNED_OUT: (),
    Fact.STAFF_READMITTED: (),
    Fact.RECOVERY_LINK_SENT: (_mail(Notice.RECOVERY_REQUEST, stoppable=False),),
    Fact.CASE_OPENED: _everywhere(Notice.CASE_OPENED),
    Fact.CASE_EVIDENCE_ADDED: (),
    Fact.CASE_HANDED_OVER: (),
    Fact.CASE_SUBMITTED: (),
    Fact.CASE_SENT_BACK: (),
    Fact.CASE_APPROVED: _everywhere(Notice.CASE_WAITING),
    Fact.CASE_REFUSED: (_mail(Notice.CASE_ENDED, stoppable=False),),
    Fact.CASE_REMINDED: _everywhere(Notice.CASE_WAITING),
    Fact.CASE_READY: (_mail(Notice.RECOVERY_LINK), Telling(Notice.CASE_WAITING, Audience.NUMBERS, stoppable=True)),
    Fact.CASE_COMPLETED: (),
    Fact.CASE_CANCELLED: (_mail(Notice.CASE_ENDED, stoppable=False),),
    Fact.CASE_EXPIRED: (_mail(Notice.CASE_ENDED, stoppable=False),),
    Fact.CASE_VOUCHED: (_mail(Notice.COMPANY_ANSWERED),),
    Fact.CASE_DENIED: (_mail(Notice.COMPANY_ANSWERED),),
    Fact.CHANGE_WAITS: (_mail(Notice.CHANGE_WAITS),),
    Fact.CHANGE_CONFIRMED: (_mail(Notice.CHANGE_REQUESTED),),
    Fact.CHANGE_WENT_ON: (_mail(Notice.CHANGE_REQUESTED),),
    Fact.CHANGE_REFUSED: (_mail(Notice.COMPANY_ANSWERED),),
    Fact.CHANGE_UNANSWERED: (_mail(Notice.COMPANY_ANSWERED),),
    Fact.ORGANISATION_ADDED: (),
    Fact.ORGANISATION_SET: (),
    Fact.ORGANISATION_JOINED: (),
    Fact.ORGANISATION_LEFT: (),
    Fact.ADMINISTRATOR_NAMED: (),
    Fact.ADMINISTRATOR_DISMISSED: (),
    Fact.COMPANY_ASKED: (_mail(Notice.COMPANY_ASKED, stoppable=False),),
    Fact.COMPANY_REPLIED: (),
    Fact.CALLER_ASKED: (_mail(Notice.CALLER_CHECK),),
    Fact.CALLER_ASKED_BY_MAIL: (_mail(Notice.CALLER_LINK),),
    Fact.CALLER_CHECK_OPENED: (),
    Fact.CALLER_DEVICE_ASKED: (),
    Fact.CALLER_PROVEN: _everywhere(Notice.CALLER_PROVEN),
    Fact.CALLER_CHECK_FAILED: (),
    Fact.CALLER_DENIED: (_mail(Notice.CALLER_DENIED),),
    Fact.CALLER_CHECK_WITHDRAWN: (),
}

CODE_NOTICE: dict[CodePurpose, tuple[Notice, Channel]] = {
    CodePurpose.SIGN_IN: (Notice.SIGN_IN_CODE, Channel.SMS),
    CodePurpose.NEW_NUMBER: (Notice.NEW_NUMBER_CODE, Channel.SMS),
    CodePurpose.MAILBOX: (Notice.MAILBOX_CODE, Channel.EMAIL),
    CodePurpose.RESTORE: (Notice.RESTORE_CODE, Channel.EMAIL),
    CodePurpose.RELEASE_MAILBOX: (Notice.RELEASE_CODE, Channel.EMAIL),
    CodePurpose.RELEASE_NUMBER: (Notice.RELEASE_CODE, Channel.SMS),
    CodePurpose.CALLER: (Notice.CALLER_CODE, Channel.SMS),
}

# Of steps that take the account away from its owner: they may have the last text of the day.
URGENT = frozenset(
    {
        Notice.NUMBER_RESET,
        Notice.NUMBER_CHANGED,
        Notice.ACCOUNT_FROZEN,
        Notice.ACCOUNT_RELEASED,
    }
)
KEPT_FOR_URGENT = 1
# A wait is a day long: a text that came the day after would stop nothing. None begins while one stands.
WAITS = frozenset(
    {
        Notice.NUMBER_WAIT,
        Notice.PASSWORD_WAIT,
        Notice.RELEASE_WAIT,
        Notice.LAST_RELEASE_WAIT,
        Notice.CASE_WAITING,
    }
)
MORE_FOR_WAITS = 1


# Whoever sets an account up adds one method after another: the first is told at once, the others together.
BURSTS = {Notice.FACTOR_ADDED: timedelta(hours=1)}


def burst_of(notice: Notice) -> timedelta:
    """For how long after such a notice by text the same ones are joined into one; not at all for most."""
    return BURSTS.get(notice, NO_BURST)


def allowed_texts(notice: Notice, limits: Limits) -> int:
    """The notices by text that may go to one number of an account in a day, this one included.

    Without the one that is kept, a thief would make noise by an act that needs little, and what matters came late.
    """
    most = limits.texts_told_per_day
    if notice in WAITS:
        return most + MORE_FOR_WAITS
    return most if notice in URGENT else max(1, most - KEPT_FOR_URGENT)


WORTH_TELLING_FOR = timedelta(days=3)
