"""The public keys with which an application signs: a JSON Web Key Set (RFC 7517), checked before it is taken."""

import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurve,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CURVES: dict[str, type[EllipticCurve]] = {"P-256": SECP256R1, "P-384": SECP384R1, "P-521": SECP521R1}
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}  # RFC 7518 6.2.2, 6.3.2, 6.4
LEAST_BITS = 2048  # of an RSA key, NIST SP 800-131A


def checked_keys(text: str, name: str) -> str:
    """Check that all keys are public, and whole; ValueError says what is wrong with the file of this name."""
    try:
        keys = json.loads(text)["keys"]
        entries = [dict(each) for each in keys]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(f'{name} is no JSON Web Key Set: {{"keys": [...]}}') from None
    if not entries or any(PRIVATE & set(each) for each in entries):
        raise ValueError(f"{name} must hold public keys only, and at least one")
    for number, entry in enumerate(entries, start=1):
        try:
            check_key(entry)
        except (ValueError, KeyError, TypeError, NotBase64) as wrong:
            said = str(wrong) if type(wrong) is ValueError else f"it lacks {wrong}"
            raise ValueError(f"key {number} of {name} can't be used: {said}") from None
    return text


def check_key(key: dict[str, Any]) -> None:
    """Check that a public key is whole and long enough; a ValueError, KeyError or TypeError says what is wrong."""
    match key["kty"]:
        case "EC" if key["crv"] in CURVES:
            EllipticCurvePublicNumbers(_number(key, "x"), _number(key, "y"), CURVES[key["crv"]]()).public_key()
        case "OKP" if key["crv"] == "Ed25519":
            Ed25519PublicKey.from_public_bytes(_bytes(key, "x"))
        case "RSA":
            if _number(key, "n").bit_length() < LEAST_BITS or _number(key, "e") < 3:
                raise ValueError(f"an RSA key has at least {LEAST_BITS} bits")
        case _:
            raise ValueError("kty is EC with P-256, P-384 or P-521, OKP with Ed25519, or RSA")


def _number(key: dict[str, Any], name: str) -> int:
    return int.from_bytes(_bytes(key, name))


def _bytes(key: dict[str, Any], name: str) -> bytes:
    text = key[name]
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
