"""All that a verb of the domain may return: a new state, facts that came true, or a refusal."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", covariant=True)


class Fact(StrEnum):
    """Something that came true; flows/consequences.py says what follows from each."""

    SIGN_IN_STARTED = "sign_in_started"
    SIGNED_IN = "signed_in"
    SIGNED_IN_FROM_NEW_BROWSER = "signed_in_from_new_browser"
    REAUTHENTICATED = "reauthenticated"
    SIGNED_OUT = "signed_out"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    CODE_SENT = "code_sent"
    CODE_PROVEN = "code_proven"
    WRONG_FACTOR_GIVEN = "wrong_factor_given"
    METHOD_CHOSEN = "method_chosen"
    FACTOR_ENROLMENT_STARTED = "factor_enrolment_started"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_WARNED = "factor_warned"
    FACTOR_SUSPENDED = "factor_suspended"
    FACTOR_DISABLED = "factor_disabled"
    MAILBOX_SUSPENDED = "mailbox_suspended"
    RELEASE_PAUSED = "release_paused"
    FACTOR_RESTORED = "factor_restored"
    PASSKEY_CLONED = "passkey_cloned"
    PASSKEY_RENAMED = "passkey_renamed"
    FACTOR_LOST = "factor_lost"
    FACTOR_DOUBTED = "factor_doubted"
    FACTOR_FOUND = "factor_found"
    RECOVERY_CODE_USED = "recovery_code_used"
    PUSH_ASKED = "push_asked"
    PUSH_APPROVED = "push_approved"
    PUSH_DENIED = "push_denied"
    DEVICE_SUBSCRIBED = "device_subscribed"
    DEVICE_UNSUBSCRIBED = "device_unsubscribed"
    DEVICE_RENAMED = "device_renamed"
    MAILBOX_PROVEN = "mailbox_proven"
    CHANGE_REQUESTED = "change_requested"
    CHANGE_LINK_REPLACED = "change_link_replaced"
    CHANGE_CANCELLED = "change_cancelled"
    CHANGE_EXPIRED = "change_expired"
    CHANGE_STOPPED = "change_stopped"
    ENROLMENT_STARTED = "enrolment_started"
    NUMBER_PROVEN = "number_proven"
    NUMBER_RESET = "number_reset"
    NUMBER_WAIT_STARTED = "number_wait_started"
    NEW_NUMBER_ENTERED = "new_number_entered"
    NUMBER_BOUND = "number_bound"
    NUMBER_CHANGED = "number_changed"
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_SHOWN = "account_shown"
    ACCOUNT_FROZEN = "account_frozen"
    RELEASE_STARTED = "release_started"
    RELEASE_WAIT_STARTED = "release_wait_started"
    RELEASE_STOPPED = "release_stopped"
    ACCOUNT_RELEASED = "account_released"
    ACCOUNT_ERASED = "account_erased"
    REFUSALS_COUNTED = "refusals_counted"
    LANGUAGE_CHOSEN = "language_chosen"
    ACTIVATION_LINK_SENT = "activation_link_sent"
    PASSWORD_LINK_SENT = "password_link_sent"  # noqa: S105 - the name of a fact
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a fact
    PASSWORD_WAIT_STARTED = "password_wait_started"  # noqa: S105 - the name of a fact
    PASSWORD_UPGRADED = "password_upgraded"  # noqa: S105 - the name of a fact


class Refusal(StrEnum):
    """The reason why a verb did nothing, or only counted the attempt; web/refusal_texts.py has a sentence for each."""

    NOT_NOW = "not_now"
    WRONG_CREDENTIALS = "wrong_credentials"
    TOO_MANY_SIGN_INS = "too_many_sign_ins"
    SIGN_IN_EXPIRED = "sign_in_expired"
    WRONG_CODE = "wrong_code"
    WRONG_CODE_WARNED = "wrong_code_warned"
    CODE_EXPIRED = "code_expired"
    CODE_EXPIRED_NEW_ONE_SENT = "code_expired_new_one_sent"
    TOO_MANY_WRONG_CODES = "too_many_wrong_codes"
    NO_CODE = "no_code"
    FACTOR_SUSPENDED = "factor_suspended"
    FACTOR_DISABLED = "factor_disabled"
    FACTOR_UNKNOWN = "factor_unknown"
    REPORTED_LOST = "reported_lost"
    FACTOR_HELD = "factor_held"
    LAST_FACTOR = "last_factor"
    ONLY_WAY_IN = "only_way_in"
    OTHERS_TOO_NEW = "others_too_new"
    FACTOR_TOO_NEW = "factor_too_new"
    METHOD_NOT_OFFERED = "method_not_offered"
    CODES_SHOWN = "codes_shown"
    WRONG_APP_CODE = "wrong_app_code"
    CODE_USED = "code_used"
    WRONG_PASSKEY = "wrong_passkey"
    PASSKEY_TOO_LATE = "passkey_too_late"
    PASSKEY_NOT_VERIFIED = "passkey_not_verified"
    PASSKEY_CLONED = "passkey_cloned"
    PASSKEY_KNOWN = "passkey_known"
    PASSKEY_UNKNOWN = "passkey_unknown"
    TOO_MANY_PASSKEYS = "too_many_passkeys"
    PROMPT_UNKNOWN = "prompt_unknown"
    PROMPT_ANSWERED = "prompt_answered"
    PROMPT_EXPIRED = "prompt_expired"
    PROMPT_REPLACED = "prompt_replaced"
    PROMPT_NOT_APPROVED = "prompt_not_approved"
    WRONG_DIGITS = "wrong_digits"
    DEVICE_UNKNOWN = "device_unknown"
    DEVICE_CLOCK_OFF = "device_clock_off"
    DEVICE_KEY_NOT_VALID = "device_key_not_valid"
    DEVICE_SIGNATURE_WRONG = "device_signature_wrong"
    ENDPOINT_NOT_ALLOWED = "endpoint_not_allowed"
    TOO_MANY_DEVICES = "too_many_devices"
    SEND_TOO_SOON = "send_too_soon"
    SEND_LIMIT_REACHED = "send_limit_reached"
    NEEDS_FRESH_AUTHENTICATION = "needs_fresh_authentication"
    NEEDS_SECOND_FACTOR = "needs_second_factor"
    NEEDS_ANOTHER_FACTOR = "needs_another_factor"
    NEEDS_OLDER_FACTOR = "needs_older_factor"
    NEEDS_ASKING_BROWSER = "needs_asking_browser"
    ACCOUNT_FROZEN = "account_frozen"
    ACCOUNT_NOT_FROZEN = "account_not_frozen"
    CHANGE_ALREADY_OPEN = "change_already_open"
    NO_OPEN_CHANGE = "no_open_change"
    NO_NUMBER = "no_number"
    LINK_UNKNOWN = "link_unknown"
    LINK_EXPIRED = "link_expired"
    LINK_USED = "link_used"
    LINK_REPLACED = "link_replaced"
    LINK_CANCELLED = "link_cancelled"
    LINK_STOPPED = "link_stopped"
    NOTHING_TO_STOP = "nothing_to_stop"
    CHANNEL_LEFT = "channel_left"
    RELEASE_PAUSED = "release_paused"
    RELEASE_NEEDS_NUMBER = "release_needs_number"
    NUMBER_MISSING = "number_missing"
    NUMBER_TOO_SHORT = "number_too_short"
    NUMBER_TOO_LONG = "number_too_long"
    NUMBER_NOT_VALID = "number_not_valid"
    NUMBER_NOT_MOBILE = "number_not_mobile"
    NUMBER_COUNTRY_NOT_SERVED = "number_country_not_served"
    NUMBER_AT_CAPACITY = "number_at_capacity"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - the name of a refusal
    PASSWORD_TOO_LONG = "password_too_long"  # noqa: S105 - the name of a refusal
    PASSWORD_TOO_COMMON = "password_too_common"  # noqa: S105 - the name of a refusal
    SESSION_UNKNOWN = "session_unknown"


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """The result of a verb: the state afterwards, the facts, and the refusal if it refused."""

    state: State
    facts: tuple[Fact, ...] = ()
    refusal: Refusal | None = None
    tries_left: int | None = None
    open_at: datetime | None = None
