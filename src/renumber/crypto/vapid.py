"""The key that push services know this installation by (RFC 8292), one and the same for every process."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

NAME = "vapid"
CURVE, ALGORITHM = "P-256", "ES256"  # RFC 8292 2: no other


class Kept(Protocol):
    """The store of the installation's own keys, sealed."""

    async def first_kept(self, name: str, fresh: str) -> str:
        """Give the secret of this name, which is `fresh` if there was none: all processes get the same."""


class VapidKey:
    """A key made once and kept: browsers tie each subscription to it, so it outlives the rotation of all other keys."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._key: ECKey | None = None

    async def public(self) -> str:
        """Give the public key as `applicationServerKey` takes it: 65 bytes, base64url."""
        return _public(await self._load())

    async def authorization(self, audience: str, until: datetime, contact: str) -> str:
        """Sign the header that tells one push service who posts; it is valid there until this time."""
        key = await self._load()
        claims = {"aud": audience, "exp": int(until.timestamp()), "sub": contact}
        return f"vapid t={jwt.encode({'alg': ALGORITHM}, claims, key, [ALGORITHM])}, k={_public(key)}"

    async def _load(self) -> ECKey:
        if self._key is None:
            fresh = str(ECKey.generate_key(CURVE).as_dict(private=True)["d"])
            self._key = _key_of(await self._kept.first_kept(NAME, fresh))
        return self._key


def _key_of(secret: str) -> ECKey:
    """Build the key from its private scalar: 32 bytes, base64url without padding (RFC 7518 6.2.2.1)."""
    scalar = int.from_bytes(urlsafe_b64decode(f"{secret}="), "big")
    private = derive_private_key(scalar, SECP256R1())
    return ECKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _public(key: ECKey) -> str:
    point = key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(point).rstrip(b"=").decode()
