"""The key that push services know this installation by, and the token that it signs for them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from renumber.crypto.vapid import VapidKey

UNTIL = datetime(2026, 11, 24, 12, tzinfo=UTC)
SCALAR = 7  # most of its 32 bytes are zero, and must not get lost


class Memory:
    """Keeps secrets by name."""

    def __init__(self, **kept: str) -> None:
        self.kept = kept

    async def first_kept(self, name: str, fresh: str) -> str:
        return self.kept.setdefault(name, fresh)


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(given: bytes) -> str:
    return urlsafe_b64encode(given).rstrip(b"=").decode()


async def test_a_key_that_was_kept_stays_the_same_key() -> None:
    memory = Memory(vapid=encoded(SCALAR.to_bytes(32, "big")))

    public = decoded(await VapidKey(memory).public())

    expected = derive_private_key(SCALAR, SECP256R1()).public_key()
    assert public == expected.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


async def test_a_fresh_key_is_kept_as_32_bytes_and_found_again() -> None:
    memory = Memory()

    public = await VapidKey(memory).public()

    assert len(decoded(memory.kept["vapid"])) == 32
    assert await VapidKey(memory).public() == public


async def test_the_token_names_the_service_and_is_signed_with_the_key_beside_it() -> None:
    header = await VapidKey(Memory()).authorization("https://push.example", UNTIL, "mailto:a@example.com")

    assert header.startswith("vapid t=")
    token, public = header.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(decoded(claims)) == {
        "aud": "https://push.example",
        "exp": int(UNTIL.timestamp()),
        "sub": "mailto:a@example.com",
    }
    r, s = (int.from_bytes(half, "big") for half in (decoded(signature)[:32], decoded(signature)[32:]))
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(public))
    point.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ECDSA(SHA256()))
