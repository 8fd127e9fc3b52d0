"""Signatures of enrolled devices: ECDSA on P-256 with SHA-256, as browsers make them."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

POINT_LENGTH = 65  # bytes: uncompressed
HALF = 32  # bytes of r, and of s


class DeviceSignatures:
    """Verifies signatures of devices; anything wrong with a key or a signature gives False, never an exception."""

    def is_key(self, public_key: bytes) -> bool:
        """Say whether these bytes are an uncompressed point on the curve."""
        return _point(public_key) is not None

    def verify(self, public_key: bytes, signature: bytes, text: str) -> bool:
        """Say whether the holder of the key signed the text; the signature is r and s, 32 bytes each."""
        point = _point(public_key)
        if point is None or len(signature) != 2 * HALF:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
        try:
            point.verify(encode_dss_signature(r, s), text.encode(errors="surrogatepass"), ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


def _point(public_key: bytes) -> EllipticCurvePublicKey | None:
    if len(public_key) != POINT_LENGTH:
        return None
    try:
        return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
    except ValueError:
        return None
