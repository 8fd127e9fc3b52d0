"""The calls of an enrolled device, and what its owner does with it on the profile."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from renumber.domain.actor import Actor
from renumber.domain.factor import Factor
from renumber.domain.outcomes import Fact, Refusal, Step
from renumber.domain.push.device import Device, Subscription
from renumber.domain.push.signed_texts import call_text
from renumber.domain.session import Ticket
from renumber.flows.act import Client, Services
from renumber.flows.consequences import Scene, conclude
from renumber.flows.factors.manage import Managing, managing, unbind_among
from renumber.flows.ports.reads import PushReads
from renumber.flows.push.enrol import named
from renumber.policies.push_hosts import may_post_to

CLOCKS_DIFFER_BY = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that a device signed; `at` as it stands in the header, in seconds."""

    account_id: str
    device_id: str
    at: str
    signature: bytes = field(repr=False)
    method: str
    path: str
    body: bytes = field(repr=False)


async def authenticate(services: Services, reads: PushReads, call: Call) -> Step[Device | None]:
    """Find the device whose key signed this very request, just now."""
    device = await reads.device(call.account_id, call.device_id)
    if device is None or not device.is_live:
        return Step(None, refusal=Refusal.DEVICE_UNKNOWN)
    text = call_text(services.rules.base_url, call.method, call.path, at=call.at, body=call.body)
    if not services.signatures.verify(device.public_key, call.signature, text):
        return Step(None, refusal=Refusal.DEVICE_SIGNATURE_WRONG)
    off = abs(int(call.at) - services.clock.now().timestamp())
    return Step(device, refusal=Refusal.DEVICE_CLOCK_OFF if off > CLOCKS_DIFFER_BY.total_seconds() else None)


async def subscribe_device(
    services: Services, client: Client, device: Device, *, subscription: Subscription
) -> Refusal | None:
    """Wake the device there from now on, if it is a push service that we post to."""
    allowed = may_post_to(subscription.endpoint, services.rules.push_hosts)
    return await _change(
        services, client, device, subscription=subscription, refusal=None if allowed else Refusal.ENDPOINT_NOT_ALLOWED
    )


async def unsubscribe_device(services: Services, client: Client, device: Device) -> Refusal | None:
    """Wake it no more; while its page is open it still asks by itself."""
    return await _change(services, client, device, subscription=None)


async def _change(
    services: Services,
    client: Client,
    device: Device,
    *,
    subscription: Subscription | None,
    refusal: Refusal | None = None,
) -> Refusal | None:
    async with services.store.work(device.account_id) as work:
        current = await work.load(Device, device.device_id)
        evidence = f"device {device.device_id}"
        scene = Scene(services, client, work.account, services.clock.now(), Actor.OWNER, evidence, device.device_id)
        if current is None or not current.is_live:
            refusal = Refusal.DEVICE_UNKNOWN
        if refusal or current is None:
            conclude(work, scene, (), refusal=refusal)
            return refusal
        if current.subscription != subscription:
            work.keep(current.subscribe(subscription))
            conclude(work, scene, (Fact.DEVICE_SUBSCRIBED if subscription else Fact.DEVICE_UNSUBSCRIBED,))
        return None


@dataclass(frozen=True, slots=True)
class Addressees:
    """Where delivery finds a device's push service, and says that it isn't there any more."""

    services: Services
    reads: PushReads

    async def find(self, account_id: str, device_id: str) -> Subscription | None:
        """The subscription, if we may still post to it: the operator's list may have become shorter."""
        device = await self.reads.device(account_id, device_id)
        subscription = device.subscription if device and device.is_live else None
        allowed = subscription and may_post_to(subscription.endpoint, self.services.rules.push_hosts)
        return subscription if allowed else None

    async def forget(self, account_id: str, device_id: str, endpoint: str) -> None:
        """The push service knows it no more; the device stays, and asks by itself while it is open."""
        async with self.services.store.work(account_id) as work:
            device = await work.load(Device, device_id)
            if device is None or device.unsubscribe_from(endpoint) == device:
                return
            work.keep(device.unsubscribe_from(endpoint))
            nowhere = Client("", "", "", "")
            scene = Scene(
                self.services, nowhere, work.account, self.services.clock.now(), Actor.SYSTEM, subject=device_id
            )
            conclude(work, replace(scene, evidence="push service"), (Fact.DEVICE_UNSUBSCRIBED,))


async def rename_device(
    services: Services, client: Client, ticket: Ticket, *, device_id: str, name: str
) -> Refusal | None:
    """Call it something else."""
    async with managing(services, client, ticket, factor=Factor.PUSH) as managed:
        device = None if managed.refusal else await _own(managed, device_id)
        if device is None:
            return managed.refusal or Refusal.DEVICE_UNKNOWN
        step = device.rename(named(name))
        managed.work.keep(step.state)
        conclude(managed.work, replace(managed.scene, subject=device_id), step.facts)
        return None


async def _own(managed: Managing, device_id: str) -> Device | None:
    device = await managed.work.load(Device, device_id)
    if device and device.is_live:
        return device
    conclude(managed.work, managed.scene, (), refusal=Refusal.DEVICE_UNKNOWN)
    return None


async def remove_device(services: Services, client: Client, ticket: Ticket, *, device_id: str) -> Refusal | None:
    """Ask it no more; with the last one that is trusted the method goes, and so do those that were lost."""
    async with managing(services, client, ticket, factor=Factor.PUSH) as managed:
        device = None if managed.refusal else await _own(managed, device_id)
        if device is None:
            return managed.refusal or Refusal.DEVICE_UNKNOWN
        others = [each for each in await managed.work.load_all(Device) if each.is_live and each != device]
        return await unbind_among(managed, Factor.PUSH, device, others=others)
