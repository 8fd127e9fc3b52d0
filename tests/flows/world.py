"""The real service on a real database, with a clock to move and recipients for what the outbox holds."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from renumber.crypto import DeviceSignatures, KeyRing
from renumber.crypto.passkeys import RelyingParty
from renumber.crypto.passwords import Passwords
from renumber.crypto.signed_tokens import SignedTokens
from renumber.domain.account import NOBODIES, NOBODY, Account
from renumber.domain.challenge import Challenge, CodePurpose
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor, FactorStatus
from renumber.domain.messages.message import Channel, Message, Notice, Sent, long_code
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Session
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.flows.ports.reads import Reads
from renumber.flows.services import Rules, Services
from renumber.policies.joins import NO_JOINS, Joins
from renumber.policies.limits import Limits
from renumber.policies.numbers import NumberRules
from renumber.policies.retention import Retention
from renumber.store.account_store import AccountStore
from renumber.store.authorization_requests import StoredRequests
from renumber.store.counters import FailureThrottle
from renumber.store.database.interface import Database
from renumber.store.database.open import Statement, open_database
from renumber.store.housekeeping import Housekeeping
from renumber.store.keys.server_keys import ServerKeys
from renumber.store.messages.outbox import StoredOutbox
from renumber.store.messages.own_messages import Sender
from renumber.store.new_accounts import NewAccountStore
from renumber.store.organisations.reads import StoredOrganisations
from renumber.store.reads.pages import PageReads
from renumber.store.reads.tokens import StoredTokens
from renumber.store.schema import tables

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ORIGIN = "https://account.example.com"
SECRET = "a secret of the tests, of more than 32 bytes"
_ACTS = Statement(
    select(tables.audit.c.act, tables.audit.c.actor, tables.audit.c.evidence)
    .where(tables.audit.c.account_id.between(bindparam("first"), bindparam("last")))
    .order_by(tables.audit.c.at, tables.audit.c.seq)
)


@dataclass
class StandingJoins:
    """What has joined, without a file."""

    joins: Joins

    def current(self) -> Joins:
        return self.joins


class SettableClock:
    """A clock that goes only where it is put."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass(frozen=True)
class Received:
    """One message as it reached its address: with the code and the link tokens that its words would carry."""

    message: Message
    code: str
    action: str
    stop: str

    @property
    def notice(self) -> Notice:
        return self.message.notice

    @property
    def channel(self) -> Channel:
        return self.message.channel

    @property
    def to(self) -> str:
        return self.message.to


@dataclass
class World:
    """One installation; `received` is every message that was ever sent, oldest first."""

    database: Database
    keys: KeyRing
    clock: SettableClock
    services: Services
    new_accounts: NewAccountStore
    outbox: StoredOutbox
    chores: Housekeeping
    received: list[Received] = field(default_factory=list)

    @property
    def reads(self) -> Reads:
        return self.services.reads

    @property
    def limits(self) -> Limits:
        return self.services.rules.limits

    async def enter(
        self, email: str, password: str, number: PhoneNumber | None, *, hashed: str = "", **more: Any
    ) -> str:
        """Enter an account and give its id; `hashed` is the password as another system kept it."""
        if password:
            hashed = hashed or await self.services.passwords.hash(password)
        known: dict[str, Any] = {"number_is_verified": True, **more}
        newcomer = Newcomer(EmailAddress(email), "Erika Muster", "de", number, hashed, **known)
        assert await enter_accounts(
            self.new_accounts, self.clock, self.keys, newcomers=[newcomer], joins=self.services.joins
        ) == [True]
        found = await self.services.store.credentials(EmailAddress(email).key, "")
        assert found is not None
        return found.account_id

    async def deliver(self) -> list[Received]:
        """Claim what waits, as a dispatcher would, and put it into mailboxes and phones."""
        delivered: list[Received] = []
        while claimed := await self.outbox.claim(50, "tests", now=self.clock.time, until=self.clock.time):
            for one in claimed:
                delivered.append(self._opened(one.message))
                assert await self.outbox.settle(one, Sent("tests"), self.clock.time)
        self.received += delivered
        return delivered

    def _opened(self, message: Message) -> Received:
        derive = partial(long_code, self.keys.code) if message.notice is Notice.LONG_CODE else self.keys.code
        code = derive(message.code) if message.code else ""
        tokens = [self.keys.token(derived) if derived else "" for derived in (message.action, message.stop)]
        return Received(message, code, *tokens)

    async def messages(self, to: str, *notices: Notice) -> list[Received]:
        """Everything that this address got, or only these notices."""
        await self.deliver()
        return [one for one in self.received if one.to == to and (not notices or one.notice in notices)]

    async def account(self, account_id: str) -> Account:
        """The account as it was last committed."""
        found = await self.services.store.find_account(account_id)
        assert found is not None
        return found

    async def open_change(self, account_id: str) -> PhoneChange | None:
        """The open change as it was last committed."""
        return await self.services.store.find_change(account_id)

    async def challenge(self, account_id: str, purpose: CodePurpose) -> Challenge | None:
        """The newest code for a purpose, of whichever sign-in."""
        async with self.services.store.work(account_id) as work:
            found = [one for one in await work.load_all(Challenge) if one.purpose is purpose]
        return max(found, key=lambda one: one.last_sent_at, default=None)

    async def wrong_in_a_row(self, account_id: str, factor: Factor) -> int:
        """The count that no resend may touch."""
        async with self.services.store.work(account_id) as work:
            found = await work.load(FactorStatus, factor)
        return found.wrong_in_a_row if found else 0

    async def live_sessions(self, account_id: str) -> list[Session]:
        """The sessions that can still be used."""
        idle_for = self.limits.idle_for
        return [one for one in await self.reads.sessions(account_id, 100) if one.is_live(self.clock.time, idle_for)]

    async def history(self, account_id: str) -> list[str]:
        """What was written down, oldest first; a refusal begins with `refused:`. Nobody's is that of all nobodies."""
        whose = {"first": account_id, "last": NOBODIES[-1] if account_id == NOBODY else account_id}
        return [row["act"] for row in await self.database.fetch(_ACTS, whose)]


@asynccontextmanager
async def a_world(
    url: str,
    *,
    limits: Limits | None = None,
    numbers: NumberRules | None = None,
    demands_factor: bool = False,
    keys: KeyRing | None = None,
    joins: Joins = NO_JOINS,
    database: Database | None = None,
    sender: Callable[[], Sender | None] = lambda: None,
) -> AsyncIterator[World]:
    """Open an installation on a migrated database, through the one that is given if there is one.

    Without a sender messages wait in the outbox.
    """
    database, keys, clock = database or open_database(url), keys or KeyRing.from_secret(SECRET), SettableClock()
    passwords = Passwords(memory=8, time=1, threads=2)
    rules = Rules(
        limits=limits or Limits(),
        numbers=numbers or NumberRules(),
        brand="Example Card",
        reenrolment_requires_factor=demands_factor,
        prove_imported_numbers=False,
        base_url=ORIGIN,
    )
    store = AccountStore(database, keys, lambda: None, sender=sender)
    party = RelyingParty(ORIGIN, rules.brand, rules.limits.passkey_prompt_for)
    services = Services(
        store=store,
        reads=PageReads(database, keys),
        throttle=FailureThrottle(database, rules.limits),
        clock=clock,
        secrets=keys,
        passwords=passwords,
        rules=rules,
        ceremonies=party,
        passkey_owners=store,
        signatures=DeviceSignatures(),
        joins=StandingJoins(joins),
        requests=StoredRequests(database, keys),
        tokens=StoredTokens(database, keys),
        signed_tokens=SignedTokens(ServerKeys(database, keys), clock),
        organisations=StoredOrganisations(database, keys),
    )
    new_accounts = NewAccountStore(database, keys)
    await database.start()
    try:
        outbox, chores = StoredOutbox(database, keys), Housekeeping(database, Retention())
        yield World(database, keys, clock, services, new_accounts, outbox, chores)
    finally:
        passwords.close()
        await database.close()


def with_rules(services: Services, **changes: object) -> Services:
    """The same services after the operator chose otherwise."""
    return replace(services, rules=replace(services.rules, **changes))  # type: ignore[arg-type]  # fields of Rules
