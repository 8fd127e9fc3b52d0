"""An installation whose events go to webhooks: the real store, the real sender, and receivers that really listen."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from renumber.delivery.loop import Pace
from renumber.delivery.webhooks.post import PinnedPost
from renumber.delivery.webhooks.sender import WebhookPorts, WebhookSender
from renumber.policies.joins import Joins, Webhook
from renumber.store.events.deliveries import StoredDeliveries
from renumber.store.events.publish import EventPublisher
from renumber.store.events.switches import WebhookSwitches
from tests.delivery.webhooks.receiver import Got, Receiver
from tests.flows.world import World, a_world

SECRET, OTHER_SECRET = bytes(range(32)), bytes(range(32, 64))
QUICK = Pace(at_once=256, poll_for=timedelta(seconds=0.05), stop_for=timedelta(seconds=0.2))


def hook(receiver: Receiver, webhook_id: str = "shop", **more: Any) -> Webhook:
    """Let a receiver on this machine hear of events."""
    return Webhook(webhook_id=webhook_id, url=receiver.url, allow_private=True, **{"secrets": (SECRET,), **more})


@dataclass
class House:
    """One installation with a sender; `results` is what the metrics were told."""

    world: World
    deliveries: StoredDeliveries
    switches: WebhookSwitches
    publisher: EventPublisher
    sender: WebhookSender
    results: list[tuple[str, str]] = field(default_factory=list)

    async def send(self) -> None:
        """Publish and send all that is due now."""
        await self.sender.drain()


def a_sender(
    house: House, *, post: PinnedPost | None = None, claimant: str = "tests", pace: Pace = QUICK
) -> WebhookSender:
    """Another sender on the same store."""
    ports = WebhookPorts(
        joins=house.world.services.joins,
        publisher=house.publisher,
        deliveries=house.deliveries,
        switches=house.switches,
        clock=house.world.clock,
    )
    return WebhookSender(
        ports,
        post or PinnedPost(),
        observe=lambda webhook_id, result: house.results.append((webhook_id, result.value)),
        dice=lambda: 0.0,
        claimant=claimant,
        pace=pace,
    )


@asynccontextmanager
async def a_house(url: str, *webhooks: Webhook, joins: Joins | None = None) -> AsyncIterator[House]:
    """Open an installation that these webhooks hear of."""
    async with a_world(url, joins=joins or Joins(webhooks=webhooks)) as world:
        database = world.database
        stores = (StoredDeliveries(database, world.keys), WebhookSwitches(database), EventPublisher(database))
        house = House(world, *stores, sender=None)  # type: ignore[arg-type]  # made of the house itself
        house.sender = a_sender(house)
        yield house
        await house.sender.close()


def types(got: Sequence[Got]) -> list[str]:
    """The types of events, in the order in which they came."""
    return [json.loads(each.body)["type"] for each in got]
