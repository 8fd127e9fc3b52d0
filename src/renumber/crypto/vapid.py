"""The key that push services know this installation by (RFC 8292), one and the same for every process."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAME = "vapid"
HALF = 32  # bytes


class Kept(Protocol):
    """The store of the installation's own keys, sealed."""

    async def first_kept(self, name: str, fresh: str) -> str:
        """The secret of this name, which is `fresh` if there was none: all processes get the same."""


class VapidKey:
    """Made once and kept: browsers tie each subscription to it, so it must outlive the rotation of all other keys."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._key: EllipticCurvePrivateKey | None = None

    async def public(self) -> str:
        """The public key as `applicationServerKey` takes it: 65 bytes, base64url."""
        return _public(await self._load())

    async def authorization(self, audience: str, until: datetime, contact: str) -> str:
        """The header that shows a push service who posts; good for this one service, until then."""
        key = await self._load()
        claims = {"aud": audience, "exp": int(until.timestamp()), "sub": contact}
        signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
        return f"vapid t={signed}.{_encoded(r.to_bytes(HALF, 'big') + s.to_bytes(HALF, 'big'))}, k={_public(key)}"

    async def _load(self) -> EllipticCurvePrivateKey:
        if self._key is None:
            fresh = generate_private_key(SECP256R1()).private_numbers().private_value.to_bytes(HALF, "big")
            kept = await self._kept.first_kept(NAME, _encoded(fresh))
            self._key = derive_private_key(int.from_bytes(urlsafe_b64decode(f"{kept}="), "big"), SECP256R1())
        return self._key


def _public(key: EllipticCurvePrivateKey) -> str:
    return _encoded(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _part(claims: dict[str, object]) -> str:
    return _encoded(json.dumps(claims, separators=(",", ":")).encode())


def _encoded(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()
