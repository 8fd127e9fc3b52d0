"""Messages, a clock and secrets with good defaults, and an outbox in memory as strict about claims as a table."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from renumber.delivery.branding import Branding
from renumber.delivery.channel import Fault, RenderedMail, RenderedSms
from renumber.delivery.ports import Claimed, Retry, Settlement
from renumber.delivery.render import Renderer
from renumber.delivery.translations import load_languages
from renumber.domain.messages.message import Channel, Derived, Message, Notice
from renumber.locale import SHIPPED
from renumber.store.database.interface import StoreUnavailable

NOON = datetime(2026, 11, 24, 13, 32, tzinfo=UTC)
TOKEN = "hN3xQ0v9Zk2mT7aWcR5eLg"
CODE = "042317"
SECRET = Derived("binding", "0a1b2c3d")
TEXTED = (
    Notice.SIGN_IN_CODE,
    Notice.NEW_NUMBER_CODE,
    Notice.RELEASE_CODE,
    Notice.LONG_CODE,
    Notice.NUMBER_RESET,
    Notice.NUMBER_WAIT,
    Notice.PASSWORD_WAIT,
    Notice.RELEASE_WAIT,
    Notice.LAST_RELEASE_WAIT,
    Notice.RELEASE_STOPPED,
    Notice.CASE_OPENED,
    Notice.CASE_WAITING,
    Notice.CALLER_CODE,
    Notice.CALLER_PROVEN,
    Notice.NUMBER_CHANGED,
    Notice.PASSWORD_CHANGED,
    Notice.FACTOR_SUSPENDED,
    Notice.SESSIONS_ENDED,
    Notice.FACTOR_ADDED,
    Notice.FACTOR_REMOVED,
    Notice.FACTOR_LOST,
    Notice.FACTOR_FOUND,
    Notice.RECOVERY_CODE_USED,
    Notice.PASSKEY_CLONED,
    Notice.NOTICES_JOINED,
    Notice.NEW_BROWSER,
    Notice.ACCOUNT_FROZEN,
    Notice.ACCOUNT_RELEASED,
)
NOT_MAILED = {
    Notice.SIGN_IN_CODE,
    Notice.NEW_NUMBER_CODE,
    Notice.LONG_CODE,
    Notice.SIGN_IN_PROMPT,
    Notice.CALLER_CODE,
    Notice.CALLER_PROMPT,
    Notice.NOTICES_JOINED,
}
QUIET = {  # told to the one who most likely did it, or of what harms nobody
    Notice.HELP_GIVEN,
    Notice.COMPANY_ANSWERED,
    Notice.CHANGE_WAITS,
    Notice.CHANGE_REQUESTED,
    Notice.NUMBER_RESET,
    Notice.NUMBER_CHANGED,
    Notice.NUMBER_ADDED,
    Notice.NUMBER_PROVEN,
    Notice.ACCOUNT_RELEASED,
    Notice.PASSWORD_CHANGED,
    Notice.SESSIONS_ENDED,
    Notice.FACTOR_ADDED,
    Notice.FACTOR_REMOVED,
    Notice.FACTOR_LOST,
    Notice.FACTOR_FOUND,
}
MAILED = tuple(notice for notice in Notice if notice not in NOT_MAILED)
WITH_ACTION = {
    Notice.CHANGE_REQUESTED,
    Notice.PASSWORD_LINK,
    Notice.PASSWORD_LINK_FROZEN,
    Notice.ACTIVATION_LINK,
    Notice.MAILBOX_SUSPENDED,
    Notice.RECOVERY_LINK,
    Notice.RECOVERY_REQUEST,
    Notice.CALLER_LINK,
}
WITHOUT_STOP = {
    Notice.CASE_ENDED,
    Notice.RECOVERY_REQUEST,
    Notice.LAST_RELEASE_WAIT,
    Notice.LONG_CODE,
    Notice.RELEASE_STOPPED,
    Notice.ACCOUNT_FROZEN,
    Notice.PASSWORD_LINK,
    Notice.ACTIVATION_LINK,
    Notice.PASSWORD_LINK_FROZEN,
    Notice.RELEASE_CODE,
    Notice.RELEASE_PAUSED,
    Notice.COMPANY_ASKED,
    Notice.MAILBOX_CODE,
    Notice.RESTORE_CODE,
    Notice.SIGN_IN_CODE,
    Notice.NEW_NUMBER_CODE,
    Notice.CALLER_CODE,
}
PARAMS = {
    "name": "Erika Muster",
    "at": NOON.isoformat(),
    "time_zone": "Europe/Berlin",
    "browser": "Firefox on Windows",
    "ip": "203.0.113.7",
    "number": "+49 ••• ••• 001",
    "new_number": "+49 ••• ••• 428",
    "hold_until": (NOON + timedelta(hours=72)).isoformat(),
    "paused_until": (NOON + timedelta(hours=24)).isoformat(),
    "wait_until": (NOON + timedelta(hours=24)).isoformat(),
    "later_from": (NOON + timedelta(days=7)).isoformat(),
    "expires_at": (NOON + timedelta(hours=24)).isoformat(),
    "case": "AB2C-3D4E",
    "help": "cancel_change",
    "factor": "phone",
    "left": "2",
    "more": "3",
    "few": "yes",
    "doubted": "yes",
    "certain": "yes",
}
ids = count(1)


def a_message(
    notice: Notice = Notice.NUMBER_RESET,
    *,
    channel: Channel = Channel.EMAIL,
    to: str | None = None,
    locale: str = "en",
    expires_at: datetime | None = None,
    **params: str,
) -> Message:
    """One message with the secrets that its notice has."""
    return Message(
        message_id=f"{next(ids):032x}",
        account_id="a" * 32,
        channel=channel,
        notice=notice,
        to=to or ("erika@example.com" if channel is Channel.EMAIL else "+4915112345001"),
        locale=locale,
        params={**PARAMS, **params},
        created_at=NOON,
        expires_at=expires_at,
        code=SECRET if notice.endswith("_code") else None,
        action=SECRET if notice in WITH_ACTION else None,
        stop=None if notice in WITHOUT_STOP else SECRET,
    )


def a_text(notice: Notice = Notice.SIGN_IN_CODE, locale: str = "en") -> Message:
    """One text message."""
    return a_message(notice, channel=Channel.SMS, locale=locale)


class FixedSecrets:
    """Derives the same code and token from everything."""

    def code(self, _derived: Derived, /) -> str:
        return CODE

    def token(self, _derived: Derived, /) -> str:
        return TOKEN


def a_branding(
    base_url: str = "https://account.example.com", brand: str = "Example Card", logo_png: bytes | None = None
) -> Branding:
    """The branding of Example Card."""
    return Branding(
        base_url=base_url,
        brand=brand,
        colour="#0b5fff",
        logo_png=logo_png,
        support_contact="support@example.com",
        time_zone="UTC",
    )


@cache
def a_renderer(branding: Branding | None = None) -> Renderer:
    """A renderer with fixed secrets; it reads every template and catalogue, so there is one for each branding."""
    return Renderer(branding or a_branding(), FixedSecrets(), load_languages(("en", *SHIPPED)))


def a_mail(message: Message | None = None, branding: Branding | None = None) -> RenderedMail:
    """One mail, worded."""
    mail = a_renderer(branding).render(message or a_message())
    assert isinstance(mail, RenderedMail)
    return mail


def an_sms(message: Message | None = None, branding: Branding | None = None) -> RenderedSms:
    """One text message, worded."""
    sms = a_renderer(branding).render(message or a_text())
    assert isinstance(sms, RenderedSms)
    return sms


@dataclass
class SetClock:
    """Stands still until it is moved."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def pass_by(self, time: timedelta) -> None:
        self.at += time


@dataclass
class Kept:
    """A message as the outbox keeps it."""

    message: Message
    due_at: datetime = NOON
    attempts: int = 0
    provider: int = 0
    claim: str = ""
    claimed_until: datetime | None = None
    settlement: Settlement | None = None
    settled_at: datetime | None = None
    retries: list[Retry] = field(default_factory=list)

    def is_free(self, now: datetime) -> bool:
        lapsed = self.claimed_until is None or self.claimed_until <= now
        return self.settlement is None and self.due_at <= now and lapsed


class MemoryOutbox:
    """Gives each message to one claimant at a time, and believes only the one who still holds it."""

    def __init__(self, *messages: Message) -> None:
        self.kept = {message.message_id: Kept(message) for message in messages}
        self._claims = count(1)

    def add(self, message: Message) -> None:
        self.kept[message.message_id] = Kept(message)

    def of(self, message: Message) -> Kept:
        return self.kept[message.message_id]

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[Claimed]:
        free = [kept for kept in self.kept.values() if kept.is_free(now)][:limit]
        for kept in free:
            kept.claim, kept.claimed_until = f"{claimant}/{next(self._claims)}", until
        return [
            Claimed(message=kept.message, attempts=kept.attempts, claim=kept.claim, provider=kept.provider)
            for kept in free
        ]

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        kept = self.of(claimed.message)
        if kept.claim != claimed.claim or kept.settlement is not None:
            return False
        kept.claim, kept.claimed_until, kept.attempts = "", None, kept.attempts + 1
        if isinstance(settlement, Retry):
            kept.due_at = settlement.at
            kept.retries.append(settlement)
        else:
            kept.settlement, kept.settled_at = settlement, now
        return True

    async def release(self, claimed: Sequence[Claimed]) -> None:
        for each in claimed:
            kept = self.of(each.message)
            if kept.claim == each.claim:
                kept.claim, kept.claimed_until = "", None


@dataclass
class Away:
    """A call to a database that is away for the first times; `asked` says how often it was called."""

    call: Callable[..., Awaitable[object]]
    times: int = 2
    asked: int = 0

    async def __call__(self, *args: object, **kwargs: object) -> object:
        self.asked += 1
        if self.asked <= self.times:
            raise StoreUnavailable
        return await self.call(*args, **kwargs)


@dataclass
class ScriptedGateway:
    """Answers each send with the next fault of its script, then accepts."""

    name: str = "one"
    faults: list[Exception] = field(default_factory=list)
    taken: list[RenderedMail | RenderedSms] = field(default_factory=list)
    asked: int = 0
    is_closed: bool = False

    async def send(self, rendered: RenderedMail | RenderedSms, /) -> None:
        self.asked += 1
        if self.faults:
            raise self.faults.pop(0)
        self.taken.append(rendered)

    async def close(self) -> None:
        self.is_closed = True


def passing(reason: str = "busy", retry_after: timedelta | None = None) -> Fault:
    """A fault that may pass."""
    return Fault(permanent=False, reason=reason, retry_after=retry_after)


def lasting(reason: str = "no such number") -> Fault:
    """A fault that will not pass."""
    return Fault(permanent=True, reason=reason)
