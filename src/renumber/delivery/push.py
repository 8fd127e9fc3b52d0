"""Web Push: a few bytes that wake a device, encrypted for it alone (RFC 8030, 8188, 8291, 8292)."""

import json
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

import httpx2

from renumber.delivery.channel import Fault, Moot, RenderedPush
from renumber.delivery.http import ASK_AGAIN, Answer, post, retry_after
from renumber.delivery.ports import Addressees, Clock, PushIdentity
from renumber.delivery.public_addresses import is_public, look_up
from renumber.delivery.push_encryption import encrypt_for_device
from renumber.domain.push.device import Subscription

GONE = frozenset({404, 410})
TOKEN_FOR = timedelta(hours=1)  # RFC 8292 allows a day


@dataclass(frozen=True, slots=True)
class Devices:
    """The subscriptions of devices, and the key that push services know this service by."""

    addressees: Addressees
    identity: PushIdentity


class PushGateway:
    """Posts to whichever service a device is subscribed at; redirects are not followed, nor private addresses asked."""

    name = "push"

    def __init__(
        self,
        client: httpx2.AsyncClient,
        devices: Devices,
        *,
        clock: Clock,
        contact: str,
        is_direct: bool,
    ) -> None:
        """`is_direct`: no proxy stands between, so that the address we look up is the one that is connected to."""
        self._client = client
        self._addressees = devices.addressees
        self._identity = devices.identity
        self._clock = clock
        self._contact = contact
        self._is_direct = is_direct

    async def send(self, push: RenderedPush, /) -> None:
        """Post to a device: 404 and 410 end its subscription, other 4xx are permanent faults, all others may pass."""
        subscription = await self._addressees.find(push.account_id, push.device_id)
        if subscription is None:
            raise Moot(reason="push: the device is subscribed nowhere")
        parts = urlsplit(subscription.endpoint)
        if self._is_direct and parts.scheme == "https":
            await _refuse_private(parts)
        answer = await self._post(push, subscription, parts)
        if answer.status in GONE:
            await self._addressees.forget(push.account_id, push.device_id, subscription.endpoint)
            raise Moot(reason=f"push: answered {answer.status}")
        if not answer.is_success:
            raise Fault(
                permanent=not answer.is_server_error and answer.status not in ASK_AGAIN,
                reason=f"push: answered {answer.status}",
                retry_after=retry_after(answer.headers),
            )

    async def _post(self, push: RenderedPush, subscription: Subscription, parts: SplitResult) -> Answer:
        now = self._clock.now()
        audience = f"{parts.scheme}://{parts.netloc}"
        headers = {
            "Authorization": await self._identity.authorization(audience, now + TOKEN_FOR, self._contact),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int((push.expires_at - now).total_seconds()))),
            "Topic": push.prompt_id,  # a newer message of this prompt takes the place of one that still waits
            "Urgency": "high",
        }
        content = _encrypted({"kind": "prompt", "id": push.prompt_id}, subscription)
        return await post(self._client, self.name, subscription.endpoint, content=content, headers=headers)

    async def close(self) -> None:
        """Close the connections to the push services."""
        await self._client.aclose()


async def _refuse_private(parts: SplitResult) -> None:
    """An allowed name that leads into our own network is not what the operator allowed (OWASP ASVS 5.0 1.3.6)."""
    try:
        found = await look_up(parts.hostname or "", 443)
    except OSError as trouble:
        raise Fault(permanent=False, reason=f"push: no answer ({type(trouble).__name__})") from trouble
    if not all(map(is_public, found)):
        raise Fault(permanent=True, reason="push: the service has a private address")


def _encrypted(payload: dict[str, str], subscription: Subscription) -> bytes:
    content = json.dumps(payload, separators=(",", ":")).encode()
    return encrypt_for_device(content, p256dh=_decoded(subscription.p256dh), auth=_decoded(subscription.auth))


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
