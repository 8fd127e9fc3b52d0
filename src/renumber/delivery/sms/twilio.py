"""Twilio's Messages API.

It knows no idempotency key: if the process dies between Twilio's answer and our settling of it, the text is sent
again. A resend carries the same code, so that costs a message and no confusion.
"""

from urllib.parse import urlencode

from renumber.delivery.channel import Fault, RenderedSms
from renumber.delivery.http import Answer, TextClient, retry_after
from renumber.settings.sms_url import TwilioUrl

# The number itself is refused: not valid, out of reach, unsubscribed, not a mobile, a landline. All other 4xx are
# about our account there (credentials, sender, region), which another provider or the operator can mend.
NUMBER_REFUSED = frozenset({21211, 21214, 21217, 21421, 21610, 21614, 21635})


class TwilioGateway:
    """Sends through one Twilio account, from a number, a name or a messaging service (MG…)."""

    def __init__(self, name: str, account: TwilioUrl, client: TextClient) -> None:
        self.name = name
        self._url = f"{account.endpoint.geturl()}/2010-04-01/Accounts/{account.sid}/Messages.json"
        self._auth = (account.sid, account.token)
        self._sender = {"MessagingServiceSid" if account.sender.startswith("MG") else "From": account.sender}
        self._client = client

    async def send(self, sms: RenderedSms, /) -> None:
        """Have Twilio queue a message, or raise a Fault with the code of its refusal."""
        form = {"To": sms.to, "Body": sms.text, **self._sender}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self._client.post(
            self.name, self._url, urlencode(form).encode(), headers=headers, auth=self._auth
        )
        if answer.is_success:
            return
        code = _error_code(answer)
        raise Fault(
            permanent=code in NUMBER_REFUSED,
            reason=f"{self.name}: answered {answer.status} ({code or 'no code'})",
            retry_after=retry_after(answer.headers),
        )

    async def close(self) -> None:
        """Close the connections to Twilio."""
        await self._client.aclose()


def _error_code(answer: Answer) -> int:
    """Find the code of a refusal, of five digits; 0 if there is none."""
    said = answer.json()
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, int) and 0 < code < 100_000 else 0
