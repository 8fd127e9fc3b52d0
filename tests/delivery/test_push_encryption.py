"""What is encrypted for a device: the bytes of the standard's example, and read again by the standard's rules."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from renumber.delivery.push import _encrypted
from renumber.delivery.push_encryption import seal
from renumber.domain.push.device import Subscription

# RFC 8291, appendix A
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SCALAR = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def key_of(scalar: str) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(decoded(scalar), "big"), SECP256R1())


def the_device() -> EllipticCurvePrivateKey:
    return key_of(SCALAR)


def public(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def derived(secret: bytes, salt: bytes, info: bytes, *, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=salt, info=info).derive(secret)


def read(body: bytes, device: EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Decrypt the one record of a body."""
    salt, key_ends = body[:16], 21 + body[20]
    sender = body[21:key_ends]
    shared = device.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
    secret = derived(shared, auth, b"WebPush: info\0" + public(device) + sender, length=32)
    key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", length=16)
    nonce = derived(secret, salt, b"Content-Encoding: nonce\0", length=12)
    padded = AESGCM(key).decrypt(nonce, body[key_ends:], None).rstrip(b"\0")
    assert padded.endswith(b"\x02"), "the last record ends with a two"
    return padded[:-1]


def test_the_example_of_the_standard_is_read() -> None:
    assert read(decoded(BODY), the_device(), decoded(AUTH)) == b"When I grow up, I want to be a watermelon"


def test_the_example_of_the_standard_is_written_byte_by_byte() -> None:
    written = seal(
        b"When I grow up, I want to be a watermelon",
        p256dh=public(the_device()),
        auth=decoded(AUTH),
        salt=decoded(BODY)[:16],
        sender=key_of(SENDER),
    )

    assert written == decoded(BODY)


def test_what_is_sent_is_read_by_the_device_alone_and_differs_each_time() -> None:
    p256dh = urlsafe_b64encode(public(the_device())).rstrip(b"=").decode()
    subscription = Subscription(endpoint="https://push.example/1", p256dh=p256dh, auth=AUTH)

    first, second = (_encrypted({"kind": "prompt", "id": "9"}, subscription) for _ in range(2))

    assert json.loads(read(first, the_device(), decoded(AUTH))) == {"kind": "prompt", "id": "9"}
    assert first != second
