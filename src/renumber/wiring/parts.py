"""The parts of the service, made by the settings and put together; nothing is started here."""

import asyncio
from dataclasses import dataclass
from typing import Any

from renumber.crypto.signed_tokens import SignedTokens
from renumber.crypto.vapid import VapidKey
from renumber.delivery.dispatcher import Dispatcher
from renumber.delivery.logouts.sender import LogoutSender
from renumber.delivery.push import Devices
from renumber.delivery.streams.sender import StreamSender
from renumber.delivery.webhooks.sender import WebhookSender
from renumber.flows.ports.services import Clock
from renumber.flows.push.devices import Addressees
from renumber.observability.meter import Meter
from renumber.observability.stopwatch import TimedPasswords, spend
from renumber.settings import Settings
from renumber.store.database.open import Database, StoreBusy, StoreUnavailable, counting, open_database
from renumber.store.database.timed import TimedDatabase
from renumber.store.health import Backlog, Health
from renumber.store.keys.server_keys import ServerKeys
from renumber.store.messages.outbox import StoredOutbox
from renumber.store.writability import Writability
from renumber.wiring.core import Core, Told, core_of, keys_of, passwords_of
from renumber.wiring.delivery import build_dispatcher
from renumber.wiring.logouts import build_logout_sender
from renumber.wiring.streams import build_stream_sender
from renumber.wiring.webhooks import build_webhook_sender

ANSWERS_WITHIN = 2.0  # seconds, for those who only look


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Core):
    """The parts of the service, put together but not started."""

    outbox: StoredOutbox
    dispatcher: Dispatcher
    webhooks: WebhookSender
    logouts: LogoutSender
    streams: StreamSender
    health: Health
    writability: Writability
    meter: Meter
    vapid: VapidKey


def assemble(settings: Settings) -> Parts:
    """Make all parts, and put them together."""
    keys, passwords, database = keys_of(settings), passwords_of(settings), _open(settings)
    passwords.prepare()
    outbox, health = StoredOutbox(database, keys), Health(database)
    meter = Meter(
        counting=counting,
        waiting=lambda: passwords.waiting,
        backlog=lambda: _backlog(health, core.clock),
        token=settings.metrics_token,
    )

    core = core_of(
        settings,
        database,
        keys,
        passwords=passwords,
        hashing=TimedPasswords(passwords) if settings.development else passwords,
        told=Told(lambda: _wake(*to_programs.values()), meter.concluded, lambda: dispatcher),  # both made below
        signing=lambda clock: SignedTokens(ServerKeys(database, keys), clock),
    )
    vapid = VapidKey(ServerKeys(database, keys))
    dispatcher = build_dispatcher(
        settings,
        outbox,
        keys,
        clock=core.clock,
        observe=meter.delivered,
        devices=Devices(Addressees(core.services), vapid),
    )
    to_programs = _to_programs(core, meter)
    return Parts(
        settings=settings,
        database=database,
        keys=keys,
        clock=core.clock,
        passwords=passwords,
        services=core.services,
        new_accounts=core.new_accounts,
        outbox=outbox,
        dispatcher=dispatcher,
        **to_programs,
        health=health,
        writability=Writability(database),
        meter=meter,
        vapid=vapid,
    )


def _to_programs(core: Core, meter: Meter) -> dict[str, Any]:
    """Make the senders of what programs hear, by the names of their parts."""
    database, keys, services = core.database, core.keys, core.services
    return {
        "webhooks": build_webhook_sender(database, keys, clock=core.clock, joins=services.joins, observe=meter.told),
        "logouts": build_logout_sender(database, services),
        "streams": build_stream_sender(database, keys, services, observe=meter.told),
    }


def _wake(*senders: WebhookSender | LogoutSender | StreamSender) -> None:
    for sender in senders:
        sender.wake()


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
