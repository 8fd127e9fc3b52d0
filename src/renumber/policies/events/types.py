"""The events that joined applications hear of, and the fact that each follows from: ids and times, nothing of a person.

No event holds a name or an e-mail address; numbers stand apart, for whoever the operator lets have them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from renumber.domain.facts import Fact


class EventType(StrEnum):
    """The type of an event: the noun that it is about, and what became of it."""

    PHONE_CHANGE_WAITING = "phone_change.waiting"
    PHONE_CHANGE_REQUESTED = "phone_change.requested"
    PHONE_CHANGE_CANCELLED = "phone_change.cancelled"
    PHONE_CHANGE_EXPIRED = "phone_change.expired"
    PHONE_NUMBER_RESET = "phone_number.reset"
    PHONE_NUMBER_CHANGED = "phone_number.changed"
    HOLD_ENDED = "hold.ended"
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    FACTOR_SUSPENDED = "factor.suspended"
    SESSION_ENDED = "session.ended"
    ACCOUNT_CREATED = "account.created"
    ACCOUNT_FROZEN = "account.frozen"
    ACCOUNT_RELEASED = "account.released"
    ACCOUNT_ERASED = "account.erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an account; `data` holds ids and times, `numbers` phone numbers in E.164.

    `at` is when it happened or will have: an event is published then, not earlier.
    """

    account_id: str
    type: EventType
    at: datetime
    data: Mapping[str, str | bool]
    numbers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Published:
    """An event with the id that receivers tell repetitions by, and its place among all that were published."""

    event_id: str
    position: int
    event: Event


@dataclass(frozen=True, slots=True)
class Made:
    """The event that a fact makes; `reason` tells apart facts that make the same one."""

    type: EventType
    reason: str = ""


_CHANGED = Made(EventType.PHONE_NUMBER_CHANGED)
_HOLD = Made(EventType.HOLD_ENDED)  # once the hold is over that such a fact begins

EVENTS: dict[Fact, tuple[Made, ...]] = {
    Fact.CHANGE_WAITS: (Made(EventType.PHONE_CHANGE_WAITING),),
    Fact.CHANGE_REQUESTED: (Made(EventType.PHONE_CHANGE_REQUESTED),),
    Fact.CHANGE_CONFIRMED: (Made(EventType.PHONE_CHANGE_REQUESTED),),
    Fact.CHANGE_WENT_ON: (Made(EventType.PHONE_CHANGE_REQUESTED),),
    Fact.CHANGE_REFUSED: (Made(EventType.PHONE_CHANGE_CANCELLED, "refused"),),
    Fact.CHANGE_CANCELLED: (Made(EventType.PHONE_CHANGE_CANCELLED, "cancelled"),),
    Fact.CHANGE_STOPPED: (Made(EventType.PHONE_CHANGE_CANCELLED, "frozen"),),
    Fact.CHANGE_EXPIRED: (Made(EventType.PHONE_CHANGE_EXPIRED),),
    Fact.NUMBER_RESET: (Made(EventType.PHONE_NUMBER_RESET),),
    Fact.NUMBER_BOUND: (_CHANGED, _HOLD),
    Fact.NUMBER_CHANGED: (_CHANGED, _HOLD),
    Fact.FACTOR_ADDED: (Made(EventType.FACTOR_ADDED), _HOLD),
    Fact.FACTOR_REMOVED: (Made(EventType.FACTOR_REMOVED),),
    Fact.FACTOR_SUSPENDED: (Made(EventType.FACTOR_SUSPENDED, "wrong_codes"),),
    Fact.FACTOR_DISABLED: (Made(EventType.FACTOR_SUSPENDED, "disabled"),),
    Fact.FACTOR_LOST: (Made(EventType.FACTOR_SUSPENDED, "lost"),),
    Fact.SESSION_ENDED: (Made(EventType.SESSION_ENDED),),
    Fact.SIGNED_OUT: (Made(EventType.SESSION_ENDED),),
    Fact.ACCOUNT_CREATED: (Made(EventType.ACCOUNT_CREATED),),
    Fact.ACCOUNT_FROZEN: (Made(EventType.ACCOUNT_FROZEN),),
    Fact.ACCOUNT_RELEASED: (Made(EventType.ACCOUNT_RELEASED), _HOLD),
    Fact.ACCOUNT_ERASED: (Made(EventType.ACCOUNT_ERASED),),
    Fact.PASSWORD_CHANGED: (_HOLD,),
    Fact.SESSIONS_ENDED: (),  # whatever ends all sessions makes the event by itself
    Fact.SIGN_IN_STARTED: (),
    Fact.SIGNED_IN: (),
    Fact.SIGNED_IN_FROM_NEW_BROWSER: (),
    Fact.REAUTHENTICATED: (),
    Fact.STEPPED_UP: (),
    Fact.CODE_SENT: (),
    Fact.CODE_PROVEN: (),
    Fact.WRONG_FACTOR_GIVEN: (),
    Fact.METHOD_CHOSEN: (),
    Fact.FACTOR_ENROLMENT_STARTED: (),
    Fact.FACTOR_WARNED: (),
    Fact.MAILBOX_SUSPENDED: (),
    Fact.RELEASE_PAUSED: (),
    Fact.FACTOR_RESTORED: (),
    Fact.PASSKEY_CLONED: (),
    Fact.PASSKEY_RENAMED: (),
    Fact.FACTOR_DOUBTED: (),
    Fact.FACTOR_FOUND: (),
    Fact.RECOVERY_CODE_USED: (),
    Fact.PUSH_ASKED: (),
    Fact.PUSH_APPROVED: (),
    Fact.PUSH_DENIED: (),
    Fact.DEVICE_SCANNED: (),
    Fact.DEVICE_REJECTED: (),
    Fact.DEVICE_SUBSCRIBED: (),
    Fact.DEVICE_UNSUBSCRIBED: (),
    Fact.DEVICE_RENAMED: (),
    Fact.MAILBOX_PROVEN: (),
    Fact.CHANGE_LINK_REPLACED: (),
    Fact.ENROLMENT_STARTED: (),
    Fact.NUMBER_PROVEN: (),
    Fact.NUMBER_WAIT_STARTED: (),
    Fact.NEW_NUMBER_ENTERED: (),
    Fact.ACCOUNT_SHOWN: (),
    Fact.RELEASE_LINK_SENT: (),
    Fact.RELEASE_STARTED: (),
    Fact.RELEASE_WAIT_STARTED: (),
    Fact.LAST_RELEASE_WAIT_STARTED: (),
    Fact.RELEASE_STOPPED: (),
    Fact.REFUSALS_COUNTED: (),
    Fact.LANGUAGE_CHOSEN: (),
    Fact.ACTIVATION_LINK_SENT: (),
    Fact.PASSWORD_LINK_SENT: (),
    Fact.PASSWORD_WAIT_STARTED: (),
    Fact.PASSWORD_UPGRADED: (),
    Fact.JOURNEY_OFFERED: (),
    Fact.JOURNEY_BEGUN: (),
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
    Fact.STAFF_HELPED: (),
    Fact.STAFF_ENTERED: (),
    Fact.STAFF_SIGNED_IN: (),
    Fact.STAFF_SIGNED_OUT: (),
    Fact.STAFF_READMITTED: (),
    Fact.RECOVERY_LINK_SENT: (),
    Fact.CASE_OPENED: (),
    Fact.CASE_EVIDENCE_ADDED: (),
    Fact.CASE_HANDED_OVER: (),
    Fact.CASE_SUBMITTED: (),
    Fact.CASE_SENT_BACK: (),
    Fact.CASE_APPROVED: (),
    Fact.CASE_REFUSED: (),
    Fact.CASE_REMINDED: (),
    Fact.CASE_READY: (),
    Fact.CASE_COMPLETED: (),
    Fact.CASE_CANCELLED: (),
    Fact.CASE_EXPIRED: (),
    Fact.CASE_VOUCHED: (),
    Fact.CASE_DENIED: (),
    Fact.CHANGE_UNANSWERED: (),
    Fact.ORGANISATION_ADDED: (),
    Fact.ORGANISATION_SET: (),
    Fact.ORGANISATION_JOINED: (),
    Fact.ORGANISATION_LEFT: (),
    Fact.ADMINISTRATOR_NAMED: (),
    Fact.ADMINISTRATOR_DISMISSED: (),
    Fact.COMPANY_ASKED: (),
    Fact.COMPANY_REPLIED: (),
    Fact.CALLER_ASKED: (),
    Fact.CALLER_ASKED_BY_MAIL: (),
    Fact.CALLER_CHECK_OPENED: (),
    Fact.CALLER_DEVICE_ASKED: (),
    Fact.CALLER_PROVEN: (),
    Fact.CALLER_CHECK_FAILED: (),
    Fact.CALLER_DENIED: (),
    Fact.CALLER_CHECK_WITHDRAWN: (),
}

# What the data of an event holds besides the account: the id or the word, and how it is found out.
OF_A_CHANGE = frozenset(
    {
        EventType.PHONE_CHANGE_WAITING,
        EventType.PHONE_CHANGE_REQUESTED,
        EventType.PHONE_CHANGE_CANCELLED,
        EventType.PHONE_CHANGE_EXPIRED,
        EventType.PHONE_NUMBER_RESET,
        EventType.PHONE_NUMBER_CHANGED,
    }
)
OF_A_FACTOR = frozenset({EventType.FACTOR_ADDED, EventType.FACTOR_REMOVED, EventType.FACTOR_SUSPENDED})
WITH_NUMBERS = frozenset(
    {
        EventType.PHONE_NUMBER_RESET,
        EventType.PHONE_NUMBER_CHANGED,
        EventType.ACCOUNT_CREATED,
        EventType.ACCOUNT_RELEASED,
    }
)
BEGIN_A_HOLD = frozenset(made[0].type for made in EVENTS.values() if _HOLD in made[1:])


def payload(event: Event, *, with_numbers: bool) -> dict[str, object]:
    """Give what receivers read: `type`, `timestamp` (RFC 3339, UTC) and `data` (Standard Webhooks 1.0)."""
    numbers = event.numbers if with_numbers else {}
    data = {"account_id": event.account_id, **event.data, **numbers}
    return {"type": event.type.value, "timestamp": written(event.at), "data": data}


def written(at: datetime) -> str:
    """Write a time as RFC 3339 does, in UTC and milliseconds."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
