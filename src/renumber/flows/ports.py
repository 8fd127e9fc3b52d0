"""What the flows ask of the other rooms; each Protocol has at most five methods."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from renumber.domain.account import Account
from renumber.domain.authenticator import Authenticator
from renumber.domain.challenge import Challenge, Purpose
from renumber.domain.link import Link
from renumber.domain.link import Purpose as LinkPurpose
from renumber.domain.message import Derived, Message
from renumber.domain.passkey import Passkey
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.push import Device, Prompt
from renumber.domain.recovery_codes import RecoveryCodes
from renumber.domain.session import Session
from renumber.domain.sign_in import SignIn
from renumber.domain.totp import AppKey
from renumber.flows.factor_ports import FactorReads
from renumber.flows.push_ports import PushReads
from renumber.policies.limits import Allowance

Kept = (
    PhoneChange
    | SignIn
    | Session
    | Challenge
    | Authenticator
    | Link
    | Account
    | AppKey
    | RecoveryCodes
    | Passkey
    | Device
    | Prompt
)
Loaded = TypeVar(
    "Loaded",
    PhoneChange,
    SignIn,
    Session,
    Challenge,
    Authenticator,
    Link,
    AppKey,
    RecoveryCodes,
    Passkey,
    Device,
    Prompt,
)

OPEN_CHANGE = "open"


class Unreadable(Exception):
    """A sealed value that no key opens: the store was damaged, or its key is gone."""

    permanent = True


class AccountUnknown(LookupError):
    """There is no such account, or it was erased."""


class Taken(LookupError):
    """The store's last guard: what was kept belongs to somebody else already."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act or refusal: when, who, what, about what, on which evidence, from where."""

    at: datetime
    actor: str
    act: str
    subject: str
    evidence: str
    browser: str = field(repr=False)
    ip: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Quota:
    """A counted thing (by keyed hash) and how often it may happen."""

    key: bytes
    allowances: tuple[Allowance, ...]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    account_id: str
    password_hash: str = field(repr=False)
    knows_browser: bool = False
    never_signed_in: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password matches, and whether its hash should be made anew."""

    matches: bool
    needs_rehash: bool


class Shelves(Protocol):
    """What belongs to one account, locked."""

    account: Account

    async def load(self, kind: type[Loaded], key: str) -> Loaded | None:
        """Load by id; a Challenge by purpose, an Authenticator by factor, the open PhoneChange by OPEN_CHANGE."""

    async def load_all(self, kind: type[Loaded]) -> Sequence[Loaded]:
        """Load all that the account has of a kind."""

    def keep(self, *states: Kept) -> None:
        """Save these at the end, by compare-and-set on their version."""


class UnitOfWork(Shelves, Protocol):
    """One account, locked; what is kept and recorded lasts, all together, if the block ends without an exception."""

    def record(self, entries: Sequence[AuditEntry], messages: Sequence[Message]) -> None:
        """Add to the account's history and to the outbox."""

    async def take(self, quotas: Sequence[Quota], now: datetime) -> datetime | None:
        """Count one event against each quota, or say when it will be allowed and count nothing."""

    async def accounts_with(self, number: PhoneNumber) -> int:
        """How many accounts have this number bound."""

    def end_all(self, now: datetime, *, keeping: str | None = None) -> None:
        """End the account's sessions and unfinished sign-ins, but for one of either."""


class Store(Protocol):
    """Where accounts are kept."""

    def work(self, account_id: str, *, forgetting: Sequence[bytes] = ()) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work, which also forgets these failure counts; raises AccountUnknown for no such account."""

    async def credentials(self, email_key: str, browser_id: str) -> Credentials | None:
        """Find the password hash of an address, and whether the account's owner has signed in from this browser."""

    async def find_link(self, purpose: LinkPurpose, token: str) -> Link | None:
        """Find a link by its token."""

    async def find_change(self, account_id: str, change_id: str) -> PhoneChange | None:
        """Read a change, or the one that OPEN_CHANGE stands for, without locking anything."""

    async def find_account(self, account_id: str) -> Account | None:
        """Read an account without locking anything."""


class Reads(FactorReads, PushReads, Protocol):
    """What pages show: read without locks, in as few queries as may be."""

    async def visit(self, account_id: str, session_id: str) -> tuple[Session, Account, PhoneChange | None] | None:
        """A session with its account and the account's open change, in one query."""

    async def underway(self, account_id: str, sign_in_id: str) -> tuple[SignIn, Account, PhoneChange | None] | None:
        """A sign-in with its account and the account's open change, in one query."""

    async def challenge(self, account_id: str, purpose: Purpose) -> Challenge | None:
        """The code in flight for a purpose."""

    async def sessions(self, account_id: str, limit: int) -> Sequence[Session]:
        """The newest sessions, ended ones included."""

    async def touch(self, session: Session, now: datetime) -> None:
        """Remember that the session is in use."""


class Register(Protocol):
    """Where new accounts are entered."""

    async def enlist(self, newcomers: Sequence[tuple[Account, AuditEntry]]) -> Sequence[bool]:
        """Add accounts in one transaction; False stands for an address that has an account already."""


class Throttle(Protocol):
    """Counts failures across accounts and processes."""

    async def reserve(self, buckets: Sequence["Bucket"], now: datetime) -> datetime | None:
        """Say when the next try is allowed and count nothing, or count one failure in the buckets counted ahead."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Failures of one account, browser or IP address, and how many are free of delay.

    Those of an account are counted before the password is checked, so that parallel guesses can't outrun the
    count; those of an address only once they have failed, or an office behind one address would be slowed.
    """

    key: bytes
    free: int
    counted_ahead: bool = True


class Clock(Protocol):
    """The only source of the time."""

    def now(self) -> datetime:
        """The current time in UTC."""


class Secrets(Protocol):
    """Ids, derived codes and tokens, and keyed hashes."""

    @property
    def current(self) -> str:
        """The id of the key in use."""

    def new_id(self) -> str:
        """A random id."""

    def fingerprints(self, purpose: str, value: str) -> tuple[bytes, bytes]:
        """The keyed hash under the current and under the previous key."""

    def code(self, derived: Derived) -> str:
        """The six digits of a code."""

    def token(self, derived: Derived) -> str:
        """The token of a link or a cookie, at least 128 bits."""


class Passwords(Protocol):
    """Slow hashes, away from the event loop."""

    async def verify(self, stored: str | None, password: str) -> Verdict:
        """Compare; None stands for an unknown account and takes as long."""

    async def hash(self, password: str) -> str:
        """Hash a new password."""
