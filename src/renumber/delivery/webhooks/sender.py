"""Publishing events and sending them to webhooks: any number of senders, on any number of machines, at once."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from renumber.delivery.channel import Fault, kind_and_place
from renumber.delivery.http import Answer, retry_after
from renumber.delivery.loop import Pace, SendingLoop
from renumber.delivery.ports import Clock
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

AT_ONCE_TO_ONE = 4  # deliveries to one webhook, so that a slow receiver holds up no other
PACE = Pace(at_once=256, claim_for=timedelta(seconds=90), send_for=timedelta(seconds=60))
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
        self._source = _Source(ports)
        self._loop = SendingLoop(self._source, self._dispatch, clock=ports.clock, claimant=claimant, pace=pace)

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

    async def _dispatch(self, delivery: Delivery) -> None:
        """Send and settle one delivery; whatever goes wrong is logged by ids and tried again."""
        self._source.under_way[delivery.webhook_id] += 1
        try:
            await self._settle(delivery, await self._outcome(delivery))
        except Exception as trouble:  # noqa: BLE001 - the edge: its claim lapses, and receivers know it by its id
            log.error("delivery_unsettled", **kind_and_place(trouble))
        finally:
            self._source.under_way[delivery.webhook_id] -= 1
            self._loop.wake()  # there is room for another one to this webhook

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
        if await self._ports.switches.switch_off(webhook_id, self._ports.clock.now(), reason):
            log.error("webhook_switched_off", webhook=webhook_id, reason=reason)
            self._observe(webhook_id, DeliveryResult.SWITCHED_OFF)

    def _after(self, delivery: Delivery, fault: Fault) -> DeliverySettlement:
        wait = wait_before_next(delivery.attempts + 1, self._dice, fault.retry_after)
        return GivenUp(fault.reason) if wait is None else Again(self._ports.clock.now() + wait, fault.reason)

    async def _settle(self, delivery: Delivery, settlement: DeliverySettlement) -> None:
        is_ours = await self._ports.deliveries.settle(delivery, settlement, self._ports.clock.now())
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


class _Source:
    """Deliveries that are due, claimed for each webhook by itself: a slow one fills its own places and no other's."""

    def __init__(self, ports: WebhookPorts) -> None:
        self._ports = ports
        self.under_way: Counter[str] = Counter()

    async def claim(self, limit: int, claimant: str, *, now: datetime, until: datetime) -> Sequence[Delivery]:
        """Publish what is due, then take deliveries to each webhook, as far as it has room."""
        await self._publish(now)
        claimed: list[Delivery] = []
        for webhook in await self._open():
            room = min(limit - len(claimed), AT_ONCE_TO_ONE - self.under_way[webhook.webhook_id])
            if room > 0 and await self._is_due(webhook, now):
                claimed += await self._ports.deliveries.claim(webhook.webhook_id, room, claimant, now=now, until=until)
        return claimed

    async def _publish(self, now: datetime) -> None:
        joins = self._ports.joins.current()
        if not (joins.webhooks or joins.api_keys):
            return
        next_at = await self._ports.publisher.next_at()
        while next_at and next_at <= now:
            if not await self._ports.publisher.publish(joins.webhooks, now, receivers=joins.receivers):
                return
            next_at = await self._ports.publisher.next_at()

    async def _open(self) -> Sequence[Webhook]:
        webhooks = self._ports.joins.current().webhooks
        off = await self._ports.switches.off_since() if webhooks else {}
        return [webhook for webhook in webhooks if webhook.webhook_id not in off]

    async def _is_due(self, webhook: Webhook, now: datetime) -> bool:
        due_at = await self._ports.deliveries.due_at(webhook.webhook_id)
        return due_at is not None and due_at <= now

    async def release(self, claimed: Sequence[Delivery], /) -> None:
        """Give claims back unsent, for a graceful stop."""
        await self._ports.deliveries.release(claimed, self._ports.clock.now())

    async def next_due_at(self) -> datetime | None:
        """Give the time of the next event or delivery; webhooks without room wake the loop when they have some."""
        joins = self._ports.joins.current()
        next_at = await self._ports.publisher.next_at() if joins.webhooks or joins.api_keys else None
        with_room = [one.webhook_id for one in await self._open() if self.under_way[one.webhook_id] < AT_ONCE_TO_ONE]
        times = [next_at, *[await self._ports.deliveries.due_at(webhook_id) for webhook_id in with_room]]
        return min((at for at in times if at), default=None)
