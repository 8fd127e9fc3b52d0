"""The store as the flows see it: units of work, look-ups and counters; each protocol has at most five methods."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.actor import Actor
from renumber.domain.email_address import EmailAddress
from renumber.domain.messages.link import Link, LinkPurpose
from renumber.domain.messages.message import Message
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.kept import Kept, Loaded, Wanted
from renumber.flows.ports.organisations import OrganisationRecords
from renumber.policies.events.types import Event
from renumber.policies.limits import Allowance


class AccountUnknown(LookupError):
    """There is no such account, or it was erased."""


class Taken(LookupError):
    """The credential or the name to save is another's already."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act or refusal: when, who, what, about what, on which evidence, from where, and an operator's reason."""

    at: datetime
    actor: Actor
    act: str
    subject: str
    evidence: str
    browser: str = field(repr=False)
    ip: str = field(repr=False)
    reason: str = field(default="", repr=False)

    @property
    def grounds(self) -> str:
        """The reason and the evidence, as people read them."""
        return "; ".join(part for part in (self.reason and f"reason: {self.reason}", self.evidence) if part)


@dataclass(frozen=True, slots=True)
class Quota:
    """An event that is counted under a keyed hash, and the allowances for it.

    The count goes on over a rotation: `keys` are the hashes under every key of the ring, the current one first.
    """

    keys: tuple[bytes, ...]
    allowances: tuple[Allowance, ...]


@dataclass(frozen=True, slots=True)
class Credentials:
    """The facts that a password is checked against."""

    account_id: str
    password_hash: str = field(repr=False)
    knows_browser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextNotice:
    """A notice by text, with its stop link if it has one; where `allowed` have gone out today, `joined` goes later.

    It goes later too within `burst_for` after another notice that comes in bursts.
    """

    message: Message
    link: Link | None
    joined: Message
    joined_link: Link
    allowed: int
    burst_for: timedelta


@dataclass(frozen=True, slots=True)
class Entered:
    """A new account, with the first row of its history and what others hear of it."""

    account: Account
    entry: AuditEntry
    events: Sequence[Event] = ()


class AccountRecords(Protocol):
    """Loads and saves the states of one account, which is locked."""

    account: Account

    async def load(self, kind: type[Loaded], key: str) -> Loaded | None:
        """Load by id; a Challenge by slot, a Wait by purpose, a FactorStatus by factor, a Consent by application."""

    async def open_change(self) -> PhoneChange | None:
        """Load the change that can still go on, if there is one."""

    async def load_all(self, kind: type[Loaded]) -> Sequence[Loaded]:
        """Load all that the account has of a kind."""

    def keep(self, *states: Kept) -> None:
        """Save these at the end, by compare-and-set on their version."""


class UnitOfWork(AccountRecords, OrganisationRecords, Protocol):
    """One account, locked; what is kept and recorded lasts, all together, if the block ends without an exception."""

    def record(
        self,
        entries: Sequence[AuditEntry],
        messages: Sequence[Message],
        texts: Sequence[TextNotice] = (),
        *,
        events: Sequence[Event] = (),
    ) -> None:
        """Add to the history, to the outbox (texts as far as their number's budget goes) and to what others hear."""

    async def take(self, quotas: Sequence[Quota], now: datetime) -> datetime | None:
        """Count one event against each quota, or say when it will be allowed and count nothing."""

    async def accounts_with(self, number: PhoneNumber) -> int:
        """Count the accounts that have bound this number."""

    async def staff_with(self, email: EmailAddress) -> str | None:
        """Find the account of whoever comes from the company's provider with this address, and has a role."""

    def forget(self, failures: tuple[bytes, ...]) -> None:
        """Delete a count of failures at the end, since the right password was given."""

    def end_all(self, now: datetime, *, keeping: str | None = None) -> None:
        """End the account's sessions, unfinished sign-ins and grants, except those of the session to keep."""

    def tell_of_ends(self, now: datetime, applications: Sequence[str]) -> None:
        """Let these applications hear of whatever sessions this act ends, as far as they were given something there."""


class Store(Protocol):
    """Opens units of work, and looks accounts up without a lock."""

    def work(self, account_id: str, *wanted: Wanted) -> AbstractAsyncContextManager[UnitOfWork]:
        """Open a unit of work; raises AccountUnknown for no such account.

        What is wanted is read together with the account, and costs nothing when it is loaded.
        """

    async def credentials(self, email_key: str, browser_id: str) -> Credentials | None:
        """Find the password hash of an address, and whether the account's owner has signed in from this browser."""

    async def find_link(self, purpose: LinkPurpose, token: str) -> Link | None:
        """Find a link by its token."""

    async def find_change(self, account_id: str, change_id: str | None = None) -> PhoneChange | None:
        """Read a change by its id, or the open one, without locking anything."""

    async def find_account(self, account_id: str) -> Account | None:
        """Read an account without locking anything."""


class NewAccounts(Protocol):
    """Adds new accounts."""

    async def add(self, newcomers: Sequence[Entered]) -> Sequence[bool]:
        """Add accounts in one transaction; False stands for an address that has an account already."""


class Throttle(Protocol):
    """Counts failures across accounts and processes."""

    async def reserve(self, buckets: Sequence["Bucket"], now: datetime) -> datetime | None:
        """Say when the next try is allowed and count nothing, or count one failure in the buckets counted ahead."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Failures of one account, browser or IP address, and how many are free of delay.

    Those of an account are counted before the password is checked, so that parallel guesses can't outrun the
    count; those of an address only once they have failed, or an office behind one address would be slowed. `keys` are
    the hashes under every key of the ring, as of a quota.
    """

    keys: tuple[bytes, ...]
    free: int
    counted_ahead: bool = True
