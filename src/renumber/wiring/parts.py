"""The parts of the service, made by the settings and put together; nothing is started here."""

import asyncio
from dataclasses import dataclass

from renumber.clock import OffsetClock, SystemClock
from renumber.crypto import DeviceSignatures, KeyRing, VapidKey
from renumber.crypto.passkeys import RelyingParty
from renumber.crypto.passwords import Passwords
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.push import Devices
from renumber.flows.ports.services import Clock
from renumber.flows.ports.services import Passwords as HashingPort
from renumber.flows.push.devices import Addressees
from renumber.flows.services import Rules, Services
from renumber.observability.meter import Meter
from renumber.observability.stopwatch import TimedPasswords, spend
from renumber.settings import Settings
from renumber.store.account_store import AccountStore
from renumber.store.counters import FailureThrottle
from renumber.store.database.open import Database, StoreBusy, StoreUnavailable, counting, open_database
from renumber.store.database.timed import TimedDatabase
from renumber.store.health import Backlog, Health
from renumber.store.keys.server_keys import ServerKeys
from renumber.store.new_accounts import NewAccountStore
from renumber.store.outbox import StoredOutbox
from renumber.store.reads import PageReads
from renumber.wiring.delivery import build_dispatcher

ANSWERS_WITHIN = 2.0  # seconds, for those who only look


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of the service, put together but not started."""

    settings: Settings
    database: Database
    keys: KeyRing
    clock: Clock
    passwords: Passwords
    services: Services
    new_accounts: NewAccountStore
    outbox: StoredOutbox
    dispatcher: Dispatcher
    health: Health
    meter: Meter
    vapid: VapidKey


def assemble(settings: Settings) -> Parts:
    """Make all parts, and put them together."""
    keys = KeyRing.opened(settings.secret_key, settings.secret_key_file)
    clock = OffsetClock(settings.clock_offset_file) if settings.clock_offset_file else SystemClock()
    passwords, database = _passwords(settings), _open(settings)
    outbox, health = StoredOutbox(database, keys), Health(database)
    meter = Meter(
        counting=counting,
        waiting=lambda: passwords.waiting,
        backlog=lambda: _backlog(health, clock),
        token=settings.metrics_token,
    )
    store = AccountStore(database, keys, lambda: dispatcher.wake(), observe=meter.concluded)  # noqa: PLW0108 -- made below
    hashing = TimedPasswords(passwords) if settings.development else passwords
    reads, new_accounts = PageReads(database, keys), NewAccountStore(database, keys)
    throttle = FailureThrottle(database, settings.limits)
    services = _services(settings, store, reads, throttle=throttle, clock=clock, keys=keys, hashing=hashing)
    vapid = VapidKey(ServerKeys(database, keys))
    dispatcher = build_dispatcher(
        settings,
        outbox,
        keys,
        clock=clock,
        observe=meter.delivered,
        devices=Devices(Addressees(services), vapid),
    )
    return Parts(
        settings=settings,
        database=database,
        keys=keys,
        clock=clock,
        passwords=passwords,
        services=services,
        new_accounts=new_accounts,
        outbox=outbox,
        dispatcher=dispatcher,
        health=health,
        meter=meter,
        vapid=vapid,
    )


def _services(
    settings: Settings,
    store: AccountStore,
    reads: PageReads,
    *,
    throttle: FailureThrottle,
    clock: Clock,
    keys: KeyRing,
    hashing: HashingPort,
) -> Services:
    rules = Rules(
        limits=settings.limits,
        numbers=settings.numbers,
        brand=settings.brand,
        reenrolment_requires_factor=settings.reenrolment_requires_factor,
        prove_imported_numbers=settings.prove_imported_numbers,
        methods=settings.methods,
        push_hosts=settings.push_hosts,
        base_url=settings.base_url,
    )
    party = RelyingParty(settings.base_url, settings.brand, settings.limits.passkey_prompt_for)
    return Services(
        store=store,
        reads=reads,
        throttle=throttle,
        clock=clock,
        secrets=keys,
        passwords=hashing,
        rules=rules,
        ceremonies=party,
        passkey_owners=store,
        signatures=DeviceSignatures(),
    )


def _passwords(settings: Settings) -> Passwords:
    cost = settings.argon2
    return Passwords(
        memory=cost.memory, time=cost.time, parallelism=cost.parallelism, threads=settings.password_threads
    )


def _open(settings: Settings) -> Database:
    database = open_database(settings.database_url)
    return TimedDatabase(database, lambda seconds: spend("db", seconds)) if settings.development else database


async def _backlog(health: Health, clock: Clock) -> Backlog | None:
    """Count the messages that wait; None if the database doesn't answer: other metrics matter all the more then."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            return await health.backlog(clock.now())
    except (StoreBusy, StoreUnavailable, TimeoutError):
        return None
