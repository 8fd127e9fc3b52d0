"""One key of the ring, and the sub-keys that are drawn from it."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MINIMUM_LENGTH = 32  # bytes
TOKEN_LENGTH = 16  # bytes: 128 bits, 22 characters


@dataclass(frozen=True)
class Key:
    """A secret of the ring with its public id; each use has its own sub-key, so that no output serves another use."""

    key_id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "Key":
        """Give a secret without an id the id that follows from it."""
        return cls(sha256(b"renumber key id\0" + secret).hexdigest()[:8], secret)

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """Hash a value under the key, apart for each purpose."""
        assert "\0" not in purpose, "the zero byte divides the purpose from the value"
        return hmac.digest(self._fingerprint_key, f"{purpose}\0{value}".encode(), sha256)

    def code(self, binding: str) -> str:
        """Derive six digits; of 256 bits, the remainder by a million is uniform to 2^-236."""
        number = int.from_bytes(hmac.digest(self._code_key, binding.encode(), sha256), "big")
        return f"{number % 1_000_000:06d}"

    def token(self, binding: str) -> str:
        """Derive 128 bits."""
        return encoded(hmac.digest(self._token_key, binding.encode(), sha256)[:TOKEN_LENGTH])

    @cached_property
    def cipher(self) -> AESGCM:
        """Seals columns."""
        return AESGCM(self._drawn("column sealing"))

    @cached_property
    def signer(self) -> Ed25519PrivateKey:
        """Signs checkpoints, which anyone who knows the public key can verify."""
        return Ed25519PrivateKey.from_private_bytes(self._drawn("checkpoint signing"))

    @cached_property
    def _fingerprint_key(self) -> bytes:
        return self._drawn("fingerprint")

    @cached_property
    def _code_key(self) -> bytes:
        return self._drawn("one-time code")

    @cached_property
    def _token_key(self) -> bytes:
        return self._drawn("link token")

    def _drawn(self, use: str) -> bytes:
        return HKDF(SHA256(), length=32, salt=None, info=f"renumber/1/{use}".encode()).derive(self.secret)


def encoded(secret: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(secret).rstrip(b"=").decode()
