"""The calls of an enrolled device, and what its owner does with it on the profile."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from renumber.domain.evidence import Evidence
from renumber.domain.factor import Factor
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.push.device import Device, DeviceState, Subscription
from renumber.domain.push.signed_texts import call_text
from renumber.flows.act import Act, DeviceAct, SessionAct, by_device, by_system
from renumber.flows.factors.manage import managing, removing, unbind_among
from renumber.flows.push.enrol import named
from renumber.flows.services import Services
from renumber.policies.push_hosts import may_post_to

CLOCKS_DIFFER_BY = timedelta(seconds=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that a device signed; `at` as it stands in the header, in seconds."""

    account_id: str
    device_id: str
    at: str
    signature: bytes = field(repr=False)
    method: str
    path: str
    body: bytes = field(repr=False)


async def authenticate(services: Services, call: Call) -> Step[Device | None]:
    """Find the device whose key signed this very request, just now, and that its owner has confirmed."""
    device = await services.reads.device(call.account_id, call.device_id)
    if device is None or device.state is DeviceState.REMOVED:
        return Step(None, refusal=Refusal.DEVICE_UNKNOWN)
    text = call_text(services.rules.base_url, call.method, call.path, at=call.at, body=call.body)
    if not services.signatures.verify(device.public_key, call.signature, text):
        return Step(None, refusal=Refusal.DEVICE_SIGNATURE_WRONG)
    off = abs(int(call.at) - services.clock.now().timestamp())
    if off > CLOCKS_DIFFER_BY.total_seconds():
        return Step(device, refusal=Refusal.DEVICE_CLOCK_OFF)
    return Step(device) if device.is_live else Step(None, refusal=await _why_it_waits(services, device))


async def _why_it_waits(services: Services, device: Device) -> Refusal:
    """Whatever ends the session that shows the code ends the wait: a freeze, a new password, signing out."""
    now, scan = services.clock.now(), device.awaits(services.clock.now())
    found = await services.reads.session(device.account_id, scan.session_id) if scan else None
    may_confirm = found and not found[1].is_frozen and found[0].is_live(now, services.rules.limits.idle_for)
    return Refusal.DEVICE_NOT_CONFIRMED if may_confirm else Refusal.DEVICE_UNKNOWN


@by_device
async def subscribe_device(act: DeviceAct, subscription: Subscription) -> Step[None]:
    """Wake the device there from now on, if it is a push service that we post to."""
    if not may_post_to(subscription.endpoint, act.services.rules.push_hosts):
        return act.refuse(Refusal.ENDPOINT_NOT_ALLOWED)
    return await _subscribe(act, subscription)


@by_device
async def unsubscribe_device(act: DeviceAct) -> Step[None]:
    """Wake the device no longer; while its page is open it still asks by itself."""
    return await _subscribe(act, None)


async def _subscribe(act: DeviceAct, subscription: Subscription | None) -> Step[None]:
    current = await act.work.load(Device, act.device.device_id)
    if current is None or not current.is_live:
        return act.refuse(Refusal.DEVICE_UNKNOWN)
    if current.subscription == subscription:
        return act.done(None)
    act.keep(current.subscribe(subscription))
    return act.done(None, Fact.DEVICE_SUBSCRIBED if subscription else Fact.DEVICE_UNSUBSCRIBED)


@dataclass(frozen=True, slots=True)
class Addressees:
    """Where delivery finds a device's push service, and says that it isn't there any more."""

    services: Services

    async def find(self, account_id: str, device_id: str) -> Subscription | None:
        """The subscription, if we may still post to it: the operator's list may have become shorter."""
        device = await self.services.reads.device(account_id, device_id)
        subscription = device.subscription if device and device.is_live else None
        allowed = subscription and may_post_to(subscription.endpoint, self.services.rules.push_hosts)
        return subscription if allowed else None

    async def forget(self, account_id: str, device_id: str, endpoint: str) -> None:
        """Drop a subscription that its push service no longer knows; the device asks by itself while it is open."""
        await _forget(self.services, account_id, device_id, endpoint)


@by_system
async def _forget(act: Act, device_id: str, endpoint: str) -> Step[None]:
    device = await act.work.load(Device, device_id)
    if device is None or device.unsubscribe_from(endpoint) == device:
        return act.done(None)
    act.keep(device.unsubscribe_from(endpoint))
    return replace(act, subject=device_id, evidence=Evidence.push_service()).done(None, Fact.DEVICE_UNSUBSCRIBED)


@managing(Factor.PUSH)
async def rename_device(act: SessionAct, device_id: str, name: str) -> Step[Device | None]:
    """Call it something else."""
    device = await _own(act, device_id)
    if device is None:
        return act.refuse(Refusal.DEVICE_UNKNOWN)
    return replace(act, subject=device_id).carry_out(device.rename(named(name)))


async def _own(act: SessionAct, device_id: str) -> Device | None:
    device = await act.work.load(Device, device_id)
    return device if device and device.is_live else None


@removing(Factor.PUSH)
async def remove_device(act: SessionAct, device_id: str) -> Step[None]:
    """Take a device away; with the last one that is trusted the method goes, and so do those that were lost."""
    device = await _own(act, device_id)
    if device is None:
        return act.refuse(Refusal.DEVICE_UNKNOWN)
    others = [each for each in await act.work.load_all(Device) if each.is_live and each != device]
    return await unbind_among(act, Factor.PUSH, device, others=others)
