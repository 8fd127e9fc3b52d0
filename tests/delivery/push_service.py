"""A push service that really listens, on loopback, and the browser that can read what is sent to it."""

import json
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from renumber.domain.push.device import Subscription
from tests.delivery.servers import Request, SmsServer, running_sms_server
from tests.flows.push.phone import b64u

AUTH = b"0123456789abcdef"


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Receiver:
    """A browser with its subscription: the keys that only it has."""

    service: SmsServer
    path: str = "/push/abc"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()), repr=False)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"

    @property
    def subscription(self) -> Subscription:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return Subscription(self.origin + self.path, b64u(point), b64u(AUTH))

    def read(self, request: Request) -> Any:
        """Decrypt a message with the key of the subscription (RFC 8291)."""
        plain = http_ece.decrypt(request.body, private_key=self.key, auth_secret=AUTH, version="aes128gcm")
        return json.loads(plain)


@dataclass(frozen=True)
class Vapid:
    """The Authorization header of RFC 8292, taken apart and verified."""

    claims: dict[str, Any]
    head: dict[str, Any]
    key: str

    @classmethod
    def of(cls, request: Request) -> "Vapid":
        scheme, _, parameters = request.headers["authorization"].partition(" ")
        assert scheme == "vapid"
        named = dict(part.strip().split("=", 1) for part in parameters.split(","))
        head, claims, signature = named["t"].split(".")
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(named["k"]))
        signed = decoded(signature)
        assert len(signed) == 64
        r, s = (int.from_bytes(half, "big") for half in (signed[:32], signed[32:]))
        point.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ECDSA(SHA256()))
        return cls(json.loads(decoded(claims)), json.loads(decoded(head)), named["k"])


@asynccontextmanager
async def running_push_service() -> AsyncIterator[Receiver]:
    """Listen for pushes to one browser."""
    async with running_sms_server() as service:
        service.status = "201 Created"
        service.body = ""
        yield Receiver(service)
