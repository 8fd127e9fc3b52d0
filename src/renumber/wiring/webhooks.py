"""The sender of webhooks, put together."""

import random
import secrets
import socket

from renumber.delivery.webhooks.ports import Observe
from renumber.delivery.webhooks.post import PinnedPost
from renumber.delivery.webhooks.sender import WebhookPorts, WebhookSender
from renumber.flows.ports.services import Clock, JoinsSource
from renumber.store.database.open import Database
from renumber.store.events.deliveries import StoredDeliveries
from renumber.store.events.publish import EventPublisher
from renumber.store.events.switches import WebhookSwitches
from renumber.store.records.mapper import Sealer


def build_webhook_sender(
    database: Database, sealer: Sealer, *, clock: Clock, joins: JoinsSource, observe: Observe
) -> WebhookSender:
    """Make a sender for all webhooks of the joins file, whichever stand there by then."""
    ports = WebhookPorts(
        joins=joins,
        publisher=EventPublisher(database),
        deliveries=StoredDeliveries(database, sealer),
        switches=WebhookSwitches(database),
        clock=clock,
    )
    dice = random.SystemRandom().random
    return WebhookSender(ports, PinnedPost(), observe=observe, dice=dice, claimant=claimant())


def claimant() -> str:
    """Name a server among all that send, to which each of its workers adds its process; containers share names."""
    return f"{socket.gethostname()} {secrets.token_hex(4)}"
