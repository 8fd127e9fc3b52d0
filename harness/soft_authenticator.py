"""An authenticator made of software: it makes credentials and signs assertions as a phone or a security key does.

What it says can be bent by a test: another origin, another relying party, no verified person, a counter of its own.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from secrets import token_bytes
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, BACKUP_ELIGIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40
ORIGIN = "https://account.example.com"


@dataclass
class SoftAuthenticator:
    """One authenticator, which holds one credential; `counts` is false for one whose counter stays at zero."""

    flags: int = PRESENT | VERIFIED
    counts: bool = True
    count: int = 0
    origin: str = ORIGIN
    rp_id: str = ""
    cross_origin: bool = False
    credential_id: bytes = field(default_factory=lambda: token_bytes(32))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    user_handle: bytes = b""

    def make(self, options: str) -> str:
        """Answer a request for a new credential, without attestation."""
        asked = json.loads(options)
        self.user_handle = decoded(asked["user"]["id"])
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self._public_key()
        said = self._data(asked["rp"]["id"], self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        client = self._client("webauthn.create", asked["challenge"])
        response = {"clientDataJSON": encoded(client), "attestationObject": encoded(attestation)}
        return self._answer({**response, "transports": ["internal", "hybrid", "unheard-of"]})

    def sign(self, options: str, **changes: Any) -> str:
        """Answer a request for an assertion; `changes` replaces parts of the response."""
        asked = json.loads(options)
        data = self._data(asked["rpId"], self.flags)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ECDSA(SHA256()))
        response = {"clientDataJSON": encoded(client), "authenticatorData": encoded(data)}
        handle = encoded(self.user_handle) if self.user_handle else None
        return self._answer({**response, "signature": encoded(signature), "userHandle": handle, **changes})

    def clone(self) -> "SoftAuthenticator":
        """A copy with the same key, whose counter goes its own way from here."""
        return replace(self)

    def _data(self, rp_id: str, flags: int) -> bytes:
        self.count += self.counts
        return sha256((self.rp_id or rp_id).encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(said).encode()

    def _public_key(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})

    def _answer(self, response: dict[str, Any]) -> str:
        own = encoded(self.credential_id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


def encoded(plain: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Base64url without padding as bytes."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
