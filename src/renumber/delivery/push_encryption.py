"""Encrypting a message for one device (RFC 8291), in one record of `aes128gcm` (RFC 8188)."""

import secrets

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
SALT_LENGTH = 16
THE_LAST = b"\x02"  # the delimiter of a record that no other follows (RFC 8188 2)


def encrypt_for_device(content: bytes, *, p256dh: bytes, auth: bytes) -> bytes:
    """Encrypt for the device with this public key and secret; with a fresh key, so that no two bodies are alike."""
    return seal(content, p256dh=p256dh, auth=auth, salt=secrets.token_bytes(SALT_LENGTH), sender=_fresh_key())


def seal(content: bytes, *, p256dh: bytes, auth: bytes, salt: bytes, sender: EllipticCurvePrivateKey) -> bytes:
    """Encrypt with this salt and the sender's key of this one message."""
    ours = sender.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = sender.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), p256dh))
    secret = _derived(shared, auth, b"WebPush: info\0" + p256dh + ours, length=32)
    key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + len(ours).to_bytes(1, "big") + ours
    return header + AESGCM(key).encrypt(nonce, content + THE_LAST, None)


def _derived(secret: bytes, salt: bytes, info: bytes, *, length: int) -> bytes:
    return HKDF(SHA256(), length=length, salt=salt, info=info).derive(secret)


def _fresh_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())
