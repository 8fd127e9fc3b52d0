"""The signature of a webhook (Standard Webhooks 1.0): over id, time and body, once for each secret."""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime


def signed_headers(message_id: str, body: bytes, now: datetime, *, secrets: Iterable[bytes]) -> dict[str, str]:
    """Give the headers `webhook-id`, `webhook-timestamp` (seconds) and `webhook-signature`, space-separated."""
    timestamp = str(int(now.timestamp()))
    content = b".".join((message_id.encode(), timestamp.encode(), body))
    signatures = (b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
