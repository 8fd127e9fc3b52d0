"""The sender of streams of security events, put together."""

import random

from renumber.delivery.streams.sender import StreamPorts, StreamSender
from renumber.delivery.webhooks.ports import Observe
from renumber.delivery.webhooks.post import PinnedPost
from renumber.flows.services import Services
from renumber.store.database.open import Database
from renumber.store.records.mapper import Sealer
from renumber.store.streams.pushes import StreamPushes
from renumber.wiring.webhooks import claimant


def build_stream_sender(database: Database, sealer: Sealer, services: Services, *, observe: Observe) -> StreamSender:
    """Make a sender for all streams that are pushed, whichever there are by then."""
    ports = StreamPorts(
        joins=services.joins,
        pushes=StreamPushes(database, sealer),
        signing=services.signed_tokens,
        clock=services.clock,
        issuer=services.rules.base_url,
    )
    post = PinnedPost(to="stream")
    return StreamSender(ports, post, observe=observe, dice=random.SystemRandom().random, claimant=claimant())
