"""The generic gateway: POST {"id", "to", "text"}, so that any provider is a few lines of an adapter away."""

import json

from renumber.delivery.channel import Fault, RenderedSms
from renumber.delivery.http import ASK_AGAIN, TextClient, retry_after


class GenericGateway:
    """Posts JSON; the id lets the other side drop what it already has, since a crash may repeat a message."""

    def __init__(self, name: str, url: str, client: TextClient, *, auth: tuple[str, str] | None = None) -> None:
        self.name = name
        self._url = url
        self._client = client
        self._auth = auth

    async def send(self, sms: RenderedSms, /) -> None:
        """Post a message: 2xx is accepted, 4xx a permanent fault, everything else one that may pass."""
        said = {"id": sms.message_id, "to": sms.to, "text": sms.text}
        answer = await self._client.post(
            self.name,
            self._url,
            json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": sms.message_id},
            auth=self._auth,
        )
        if answer.is_success:
            return
        raise Fault(
            permanent=answer.is_client_error and answer.status not in ASK_AGAIN,
            reason=f"{self.name}: answered {answer.status}",
            retry_after=retry_after(answer.headers),
        )

    async def close(self) -> None:
        """Close the connections to the gateway."""
        await self._client.aclose()
