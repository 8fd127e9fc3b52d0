"""Failover: one message, several gateways, tried in turn until one accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog

from renumber.delivery.channel import Fault, Gateway, Rendered, RenderedMail, RenderedPush, RenderedSms, kind_and_place

log = structlog.get_logger()

Taken = TypeVar("Taken", RenderedMail, RenderedSms, RenderedPush)


@dataclass(frozen=True, slots=True)
class Gateways:
    """The gateways of each channel, in the order in which they are tried."""

    mail: Sequence[Gateway[RenderedMail]] = ()
    sms: Sequence[Gateway[RenderedSms]] = ()
    push: Sequence[Gateway[RenderedPush]] = ()

    async def send(self, rendered: Rendered, first: int) -> str:
        """Return the name of the gateway that accepted it; a Fault speaks for all that were asked."""
        if isinstance(rendered, RenderedMail):
            return await _through_first_willing(_in_turn(self.mail, first), rendered)
        if isinstance(rendered, RenderedPush):
            return await _through_first_willing(self.push, rendered)
        return await _through_first_willing(_in_turn(self.sms, first), rendered)

    async def close(self) -> None:
        """Close all connections."""
        for gateway in self.mail:
            await gateway.close()
        for provider in self.sms:
            await provider.close()
        for service in self.push:
            await service.close()


async def _through_first_willing(gateways: Sequence[Gateway[Taken]], rendered: Taken) -> str:
    """Try the gateways in turn; after a permanent fault none is tried: a refused number is refused everywhere."""
    faults: list[Fault] = []
    for gateway in gateways:
        try:
            await _ask(gateway, rendered)
        except Fault as fault:
            if fault.permanent:
                raise
            faults.append(fault)
        else:
            return gateway.name
    raise _for_all(faults)


async def _ask(gateway: Gateway[Taken], rendered: Taken) -> None:
    """Hand a message over; whatever goes wrong besides is a fault of this gateway, and the next one is asked."""
    try:
        await gateway.send(rendered)
    except Fault:
        raise
    except Exception as trouble:  # the edge: what a server says must not stop the next one
        log.error("gateway_failed", message_id=rendered.message_id, **kind_and_place(trouble))
        raise Fault(permanent=False, reason=f"{gateway.name}: unexpected {type(trouble).__name__}") from trouble


def _in_turn(gateways: Sequence[Gateway[Taken]], first: int) -> Sequence[Gateway[Taken]]:
    return [gateways[(first + turn) % len(gateways)] for turn in range(len(gateways))]


def _for_all(faults: Sequence[Fault]) -> Fault:
    """Join the faults of all gateways into one that may pass, after the shortest of their waits."""
    reason = "; ".join(fault.reason for fault in faults) or "no gateway is set up for this channel"
    soonest = min((fault.retry_after or timedelta() for fault in faults), default=None)
    blocked = bool(faults) and all(fault.needs_operator for fault in faults)
    return Fault(permanent=False, reason=reason, retry_after=soonest, needs_operator=blocked)
