"""The core that acts are carried out with: database, keys and the services of flows; it neither sends nor serves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from renumber.clock import OffsetClock, SystemClock
from renumber.crypto import DeviceSignatures, KeyRing
from renumber.crypto.passkeys import RelyingParty
from renumber.crypto.passwords import Passwords
from renumber.flows.ports.oidc import SignedTokens
from renumber.flows.ports.services import Clock
from renumber.flows.ports.services import Passwords as HashingPort
from renumber.flows.services import Rules, Services
from renumber.observability.logs import log
from renumber.settings import Settings
from renumber.settings.joins.watched import WatchedJoins
from renumber.store.account_store import AccountStore, Observe
from renumber.store.authorization_requests import StoredRequests
from renumber.store.counters import FailureThrottle
from renumber.store.database.open import Database, open_database
from renumber.store.messages.own_messages import Sender
from renumber.store.new_accounts import NewAccountStore
from renumber.store.organisations.reads import StoredOrganisations
from renumber.store.reads.pages import PageReads
from renumber.store.reads.tokens import StoredTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """The parts that every act needs, put together but not started; commands work with these alone."""

    settings: Settings
    database: Database
    keys: KeyRing
    clock: Clock
    passwords: Passwords
    services: Services
    new_accounts: NewAccountStore


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the store tells of commits; without a `sender` messages wait in the outbox."""

    woken: Callable[[], None]
    observe: Observe | None = None
    sender: Callable[[], Sender | None] = lambda: None


def assemble_core(settings: Settings) -> Core:
    """Make what commands work with: messages wait in the outbox for whoever sends them."""
    keys, passwords = keys_of(settings), passwords_of(settings)
    database = open_database(settings.database_url)
    return core_of(settings, database, keys, passwords=passwords, hashing=passwords, told=Told(lambda: None))


def core_of(
    settings: Settings,
    database: Database,
    keys: KeyRing,
    *,
    passwords: Passwords,
    hashing: HashingPort,
    told: Told,
    signing: Callable[[Clock], SignedTokens] | None = None,
) -> Core:
    """Put the core together from a database, keys and a way to hash; `told` are those who hear of commits.

    `signing` makes what signs ID tokens; commands have none, and load nothing for it.
    """
    clock = OffsetClock(settings.clock_offset_file) if settings.clock_offset_file else SystemClock()
    store = AccountStore(database, keys, told.woken, observe=told.observe, sender=told.sender)
    services = Services(
        store=store,
        reads=PageReads(database, keys),
        throttle=FailureThrottle(database, settings.limits),
        clock=clock,
        secrets=keys,
        passwords=hashing,
        rules=_rules(settings),
        ceremonies=RelyingParty(settings.base_url, settings.brand, settings.limits.passkey_prompt_for),
        passkey_owners=store,
        signatures=DeviceSignatures(),
        joins=WatchedJoins(settings.joins_file, log.warning),
        requests=StoredRequests(database, keys),
        tokens=StoredTokens(database, keys),
        signed_tokens=signing(clock) if signing else SignsNothing(),
        organisations=StoredOrganisations(database, keys),
    )
    return Core(
        settings=settings,
        database=database,
        keys=keys,
        clock=clock,
        passwords=passwords,
        services=services,
        new_accounts=NewAccountStore(database, keys),
    )


class SignsNothing:
    """Stands in for what signs ID tokens where no application is answered."""

    async def sign(self, _claims: Mapping[str, Any], _algorithm: str, *, kind: str = "JWT") -> str:
        """Fail: no command gives an ID token."""
        raise AssertionError(f"no command signs tokens of the type {kind}")

    async def read(self, _token: str) -> None:
        """Read nothing."""

    async def published(self) -> Mapping[str, Any]:
        """Publish no keys."""
        return {"keys": []}

    def verified(self, _token: str, _jwks: str, _algorithms: tuple[str, ...]) -> None:
        """Believe nobody."""

    def key_proof(self, _token: str) -> None:
        """Believe no key."""


def keys_of(settings: Settings) -> KeyRing:
    """Open the ring of keys that the settings name."""
    return KeyRing.opened(settings.secret_key, settings.secret_key_file)


def passwords_of(settings: Settings) -> Passwords:
    """Make the pool in which passwords are hashed."""
    cost = settings.argon2
    return Passwords(
        memory=cost.memory, time=cost.time, parallelism=cost.parallelism, threads=settings.password_threads
    )


def _rules(settings: Settings) -> Rules:
    return Rules(
        limits=settings.limits,
        recovery=settings.recovery,
        caller=settings.caller,
        numbers=settings.numbers,
        brand=settings.brand,
        reenrolment_requires_factor=settings.reenrolment_requires_factor,
        prove_imported_numbers=settings.prove_imported_numbers,
        methods=settings.methods,
        push_hosts=settings.push_hosts,
        smtputf8=bool(settings.smtp_url and settings.smtp_url.smtputf8),
        base_url=settings.base_url,
    )
