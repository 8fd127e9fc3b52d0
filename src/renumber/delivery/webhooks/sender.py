"""Publishing events and sending them to webhooks: any number of senders, on any number of machines, at once."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from renumber.delivery.channel import Fault, kind_and_place
from renumber.delivery.http import Answer, retry_after
from renumber.delivery.loop import Pace
from renumber.delivery.ports import Clock
from renumber.delivery.receivers import PACE, ToReceivers
from renumber.delivery.recording import record
from renumber.delivery.webhooks.ports import (
    Deliveries,
    DeliveryResult,
    JoinsSource,
    Observe,
    Publisher,
    Switches,
)
from renumber.delivery.webhooks.post import PinnedPost
from renumber.delivery.webhooks.signature import signed_headers
from renumber.policies.events.types import payload
from renumber.policies.events.webhooks import Again, Delivered, Delivery, DeliverySettlement, GivenUp, wait_before_next
from renumber.policies.joins import Webhook

log = structlog.get_logger()

GONE = 410
RESULTS = {
    Delivered: DeliveryResult.DELIVERED,
    Again: DeliveryResult.RETRY,
    GivenUp: DeliveryResult.GIVEN_UP,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPorts:
    """All that a sender works with."""

    joins: JoinsSource
    publisher: Publisher
    deliveries: Deliveries
    switches: Switches
    clock: Clock


class WebhookSender:
    """Publishes and sends what is due until it is cancelled; where nothing has joined, it asks the database nothing."""

    def __init__(
        self,
        ports: WebhookPorts,
        post: PinnedPost,
        *,
        observe: Observe,
        dice: Callable[[], float],
        claimant: str,
        pace: Pace = PACE,
    ) -> None:
        self._ports = ports
        self._post = post
        self._observe = observe
        self._dice = dice
        self._pace = pace
        self._loop = ToReceivers(
            _Webhooks(ports),
            ports.deliveries,
            send=self._send_and_settle,
            receiver_of=lambda delivery: delivery.webhook_id,
            clock=ports.clock,
            claimant=claimant,
            pace=pace,
        )

    def wake(self) -> None:
        """Look for what is due now, not at the next poll: something was committed."""
        self._loop.wake()

    async def run(self) -> None:
        """Send until cancelled; then let sends under way finish, release the other claims, and close."""
        try:
            await self._loop.run()
        finally:
            await self.close()

    async def drain(self) -> None:
        """Publish and send all that is due now, and return when it is settled."""
        await self._loop.drain()

    async def close(self) -> None:
        """Close the client; `run` does that by itself."""
        await self._post.close()

    async def _send_and_settle(self, delivery: Delivery) -> None:
        await self._settle(delivery, await self._outcome(delivery))

    async def _outcome(self, delivery: Delivery) -> DeliverySettlement:
        webhook = self._ports.joins.current().webhook(delivery.webhook_id)
        if webhook is None:  # it left while the delivery was claimed
            return self._after(delivery, Fault(permanent=False, reason="the webhook is not in the joins file"))
        try:
            answer = await self._send(webhook, delivery)
        except Fault as fault:
            return self._after(delivery, fault)
        except Exception as trouble:  # noqa: BLE001 - the edge: no event is lost by a mistake
            log.error("delivery_failed", **kind_and_place(trouble))
            return self._after(delivery, Fault(permanent=False, reason=f"unexpected {type(trouble).__name__}"))
        return await self._judged(delivery, answer)

    async def _send(self, webhook: Webhook, delivery: Delivery) -> Answer:
        said = payload(delivery.event, with_numbers=webhook.include_number)
        body = json.dumps(said, separators=(",", ":")).encode()
        headers = signed_headers(delivery.event_id, body, self._ports.clock.now(), secrets=webhook.secrets)
        return await self._post.send(webhook.url, body, headers, allow_private=webhook.allow_private)

    async def _judged(self, delivery: Delivery, answer: Answer) -> DeliverySettlement:
        if answer.is_success:
            return Delivered()
        reason = f"answered {answer.status}"
        if answer.status == GONE:
            await self._switch_off(delivery.webhook_id, reason)
            return GivenUp(reason)
        asked_for = retry_after(answer.headers, self._ports.clock.now())
        return self._after(delivery, Fault(permanent=False, reason=reason, retry_after=asked_for))

    async def _switch_off(self, webhook_id: str, reason: str) -> None:
        now = self._ports.clock.now()
        if await record(lambda: self._ports.switches.switch_off(webhook_id, now, reason), self._pace):
            log.error("webhook_switched_off", webhook=webhook_id, reason=reason)
            self._observe(webhook_id, DeliveryResult.SWITCHED_OFF)

    def _after(self, delivery: Delivery, fault: Fault) -> DeliverySettlement:
        wait = wait_before_next(delivery.attempts + 1, self._dice, fault.retry_after)
        return GivenUp(fault.reason) if wait is None else Again(self._ports.clock.now() + wait, fault.reason)

    async def _settle(self, delivery: Delivery, settlement: DeliverySettlement) -> None:
        now = self._ports.clock.now()
        is_ours = await record(lambda: self._ports.deliveries.settle(delivery, settlement, now), self._pace)
        result = RESULTS[type(settlement)] if is_ours else DeliveryResult.LOST
        log.info(
            "delivery_settled",
            event_id=delivery.event_id,
            account_id=delivery.event.account_id,
            event_type=delivery.event.type.value,
            webhook=delivery.webhook_id,
            attempt=delivery.attempts + 1,
            result=result.value,
            reason=getattr(settlement, "reason", None),
        )
        self._observe(delivery.webhook_id, result)


class _Webhooks:
    """The webhooks that are not switched off; events are published for them before."""

    def __init__(self, ports: WebhookPorts) -> None:
        self._ports = ports

    async def prepare(self, now: datetime) -> None:
        """Publish the events that are due, if anybody hears of any."""
        next_at = await self._next_at()
        while next_at and next_at <= now and await self._publish(now):
            next_at = await self._ports.publisher.next_at()

    async def _publish(self, now: datetime) -> int:
        joins = self._ports.joins.current()
        return await self._ports.publisher.publish(joins.webhooks, now, receivers=joins.receivers)

    async def _next_at(self) -> datetime | None:
        joins = self._ports.joins.current()
        return await self._ports.publisher.next_at() if joins.webhooks or joins.api_keys else None

    async def open(self) -> Sequence[str]:
        """Give the ids of those that are not switched off."""
        webhooks = self._ports.joins.current().webhooks
        off = await self._ports.switches.off_since() if webhooks else {}
        return [webhook.webhook_id for webhook in webhooks if webhook.webhook_id not in off]
