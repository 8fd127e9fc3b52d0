"""One key of the ring, and the sub-keys that are drawn from it."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MINIMUM_LENGTH = 32  # bytes


@dataclass(frozen=True)
class Key:
    """A secret of the ring with its public id; each use has its own sub-key, so that no output serves another use."""

    key_id: str
    secret: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "Key":
        """Give a secret without an id the id that follows from it."""
        return cls(sha256(b"renumber key id\0" + secret).hexdigest()[:8], secret)

    @cached_property
    def cipher(self) -> AESGCM:
        """Seals columns."""
        return AESGCM(self._drawn("column sealing"))

    @cached_property
    def signer(self) -> Ed25519PrivateKey:
        """Signs checkpoints, which anyone who knows the public key can verify."""
        return Ed25519PrivateKey.from_private_bytes(self._drawn("checkpoint signing"))

    @cached_property
    def fingerprinting(self) -> bytes:
        """Makes keyed hashes."""
        return self._drawn("fingerprint")

    @cached_property
    def codes(self) -> bytes:
        """Derives one-time codes."""
        return self._drawn("one-time code")

    @cached_property
    def tokens(self) -> bytes:
        """Derives the tokens of links."""
        return self._drawn("link token")

    def _drawn(self, use: str) -> bytes:
        return HKDF(SHA256(), length=32, salt=None, info=f"renumber/1/{use}".encode()).derive(self.secret)
