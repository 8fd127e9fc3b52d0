"""Messages to a person: the channel, the notice, the derived secrets, the outcome of sending, the budget of texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Channel(StrEnum):
    """The channel over which a message is sent."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"


class Notice(StrEnum):
    """The subject of a message; delivery has a template for each."""

    CHANGE_REQUESTED = "change_requested"
    NUMBER_RESET = "number_reset"
    NUMBER_WAIT = "number_wait"
    NUMBER_CHANGED = "number_changed"
    NUMBER_ADDED = "number_added"
    NUMBER_PROVEN = "number_proven"
    SIGN_IN_CODE = "sign_in_code"
    NEW_NUMBER_CODE = "new_number_code"
    RELEASE_CODE = "release_code"
    LONG_CODE = "long_code"
    MAILBOX_CODE = "mailbox_code"
    RESTORE_CODE = "lift_code"
    ACCOUNT_FROZEN = "account_frozen"
    ACCOUNT_RELEASED = "account_released"
    ACTIVATION_LINK = "activation_link"
    PASSWORD_LINK = "password_link"  # noqa: S105 - the name of a notice
    PASSWORD_LINK_FROZEN = "password_link_frozen"  # noqa: S105 - the name of a notice
    PASSWORD_WAIT = "password_wait"  # noqa: S105 - the name of a notice
    RELEASE_WAIT = "release_wait"
    LAST_RELEASE_WAIT = "last_release_wait"
    RELEASE_STOPPED = "release_stopped"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a notice
    NEW_BROWSER = "new_browser"
    WRONG_FACTOR = "wrong_factor"
    FACTOR_SUSPENDED = "factor_suspended"
    FACTOR_DISABLED = "factor_disabled"
    MAILBOX_SUSPENDED = "mailbox_suspended"
    RELEASE_PAUSED = "release_paused"
    SESSIONS_ENDED = "sessions_ended"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    SIGN_IN_PROMPT = "sign_in_prompt"
    FACTOR_LOST = "factor_lost"
    FACTOR_FOUND = "factor_found"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_CLONED = "passkey_cloned"
    HELP_GIVEN = "help_given"
    CASE_OPENED = "case_opened"
    CASE_WAITING = "case_waiting"
    CASE_ENDED = "case_ended"
    RECOVERY_LINK = "recovery_link"
    RECOVERY_REQUEST = "recovery_request"
    CHANGE_WAITS = "change_waits"
    COMPANY_ANSWERED = "company_answered"
    COMPANY_ASKED = "company_asked"
    CALLER_CHECK = "caller_check"
    CALLER_LINK = "caller_link"
    CALLER_CODE = "caller_code"
    CALLER_PROMPT = "caller_prompt"
    CALLER_PROVEN = "caller_proven"
    CALLER_DENIED = "caller_denied"
    NOTICES_JOINED = "notices_joined"


@dataclass(frozen=True, slots=True)
class Derived:
    """A code or token that the key ring can derive again, so that no store ever holds it."""

    binding: str = field(repr=False)  # holds the address that a code goes to
    key_id: str


LONG_DIGITS = 18  # nobody guesses them, however often they try


def long_code(code: Callable[[Derived], str], derived: Derived) -> str:
    """Derive a long code, of three parts that are each derived like a short one."""
    return "".join(code(replace(derived, binding=f"{derived.binding}\x1f{part}")) for part in range(3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one address; `expires_at` None means that it is worth sending late."""

    message_id: str
    account_id: str
    channel: Channel
    notice: Notice
    to: str = field(repr=False)
    locale: str
    params: Mapping[str, str] = field(repr=False)
    created_at: datetime
    expires_at: datetime | None
    code: Derived | None = None
    action: Derived | None = None
    stop: Derived | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that one dispatcher may send until its claim lapses; `provider` is the gateway to ask first."""

    message: Message
    attempts: int
    claim: str
    provider: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """Room with the sender of this process for messages that are about to be committed as claimed by it."""

    claimed: tuple[Claimed, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The message was accepted by a gateway."""

    provider_name: str


@dataclass(frozen=True, slots=True)
class Retry:
    """No gateway accepted the message for now; the reason holds no address, number or code."""

    at: datetime
    reason: str
    needs_operator: bool = False


@dataclass(frozen=True, slots=True)
class Dead:
    """The message will never be accepted, and an operator should see why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Expired:
    """The message would come too late to be of use."""


Settlement = Sent | Retry | Dead | Expired


DAY = timedelta(days=1)
NO_BURST = timedelta(0)


LATE_AFTER = timedelta(seconds=20)


class DeliveryState(StrEnum):
    """A message is on its way, or a provider has taken it, or nobody tries any more."""

    TRYING = "trying"
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The newest message of a kind, as a person who waits for it is told of it."""

    state: DeliveryState
    written_at: datetime
    settled_at: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        """True if it has been on its way for so long that one had better not wait any longer."""
        return self.state is DeliveryState.TRYING and now >= self.written_at + LATE_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBudget:
    """When notices went out as texts, and how many are `joined` into the one that goes out at `joined_at`.

    Until `burst_ends_at`, notices that come in bursts, as of methods added one after another, join the first of them.
    """

    account_id: str
    number_key: bytes = field(repr=False)
    times: tuple[datetime, ...] = ()
    joined: int = 0
    joined_at: datetime | None = None
    joined_id: str = ""
    burst_ends_at: datetime | None = None

    def tell(self, now: datetime, allowed: int, *, burst_for: timedelta = NO_BURST) -> tuple["TextBudget", bool]:
        """Count one more notice, and say whether it goes out: fewer than `allowed` did within a day; else it joins.

        Of notices with a `burst_for` the first goes out, and those that follow within that time are joined.
        """
        earliest = max(now, self.burst_ends_at or now) if burst_for else now
        if earliest == now and self._has_room(now, allowed):
            ends_at = now + burst_for if burst_for else self.burst_ends_at
            return replace(self, times=(*self._worth_keeping(now), now), burst_ends_at=ends_at), True
        if self.waits(now):
            return replace(self, joined=self.joined + 1), False
        return self._begin_to_join(now, allowed, earliest), False

    def waits(self, now: datetime) -> bool:
        """True if there is a joined text that hasn't gone out yet."""
        return self.joined_at is not None and now < self.joined_at

    def _begin_to_join(self, now: datetime, allowed: int, earliest: datetime) -> "TextBudget":
        """The joined text goes out as soon as there is room for it, and takes that room."""
        told = sorted(self._told_at(earliest))
        due = earliest if len(told) < allowed else told[-allowed] + DAY
        return replace(self, times=(*self._worth_keeping(now), due), joined=1, joined_at=due, joined_id="")

    def _has_room(self, now: datetime, allowed: int) -> bool:
        """True if neither today nor when the joined text goes out there are too many within a day."""
        ends = (now, *(at for at in self.times if now < at < now + DAY))
        return all(len(self._told_at(end)) < allowed for end in ends)

    def _told_at(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.times if now - DAY < at <= now)

    def _worth_keeping(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.times if now - DAY < at)

    def forget_joined(self) -> "TextBudget":
        """No text waits any more that could be joined: it has left the house."""
        return replace(self, joined=0, joined_at=None, joined_id="")

    @property
    def ends_at(self) -> datetime:
        """The time from which it is as if nothing had been told."""
        return max(self.times) + DAY
