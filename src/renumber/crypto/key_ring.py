"""The key ring: all secrets that flows, store and delivery make or verify."""

import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from renumber.crypto.key_file import KeyFile, KeySource, OneKey, Ring, create_key_file
from renumber.crypto.keys import Key
from renumber.domain.messages.message import Derived
from renumber.flows.ports.services import Unreadable

_ID_LENGTH = 4  # bytes in front of what is sealed or signed: which key it was
_NONCE_LENGTH = 12
_TAG_LENGTH = 16
_TOKEN_LENGTH = 16  # bytes: 128 bits, 22 characters
_LOOKED_AT_MOST_EVERY = 1.0  # seconds


def key_id_of(sealed: bytes) -> str:
    """Name the key that a value is sealed with."""
    return sealed[:_ID_LENGTH].hex()


class CorruptSecret(Unreadable):
    """A sealed value can't be opened or a code can't be derived; the text names the key, never the value."""

    permanent = True


class KeyRing:
    """Random ids, keyed hashes, derived codes and tokens, sealed columns, signed checkpoints."""

    def __init__(self, source: KeySource, ticks: Callable[[], float] = time.monotonic) -> None:
        """Read the keys; later, look whether they have changed at most once a second."""
        self._source, self._ticks = source, ticks
        self._ring = source.ring()
        self._looked_at = ticks()

    def _current_ring(self) -> Ring:
        return self._look() if self._ticks() - self._looked_at >= _LOOKED_AT_MOST_EVERY else self._ring

    def _look(self) -> Ring:
        """Take the keys as they are now: another process may have rotated them."""
        self._looked_at, self._ring = self._ticks(), self._source.ring()
        return self._ring

    @classmethod
    def from_secret(cls, secret: str) -> "KeyRing":
        """Use the one key of RENUMBER_SECRET_KEY."""
        return cls(OneKey(secret))

    @classmethod
    def from_file(cls, path: Path) -> "KeyRing":
        """Use the keys of RENUMBER_SECRET_KEY_FILE, which is made if it does not exist."""
        create_key_file(path)
        return cls(KeyFile(path))

    @classmethod
    def opened(cls, secret: str, path: Path) -> "KeyRing":
        """Use the one key if there is one, else the file."""
        return cls.from_secret(secret) if secret else cls.from_file(path)

    @property
    def current(self) -> str:
        """The id of the key that new secrets are made with."""
        return self._current_ring().current.key_id

    def new_id(self) -> str:
        """Make a random id: 128 bits, 32 hexadecimal digits."""
        return secrets.token_hex(16)

    def new_token(self) -> str:
        """Make a random token: 128 bits, 22 characters."""
        return secrets.token_urlsafe(_TOKEN_LENGTH)

    def fingerprint(self, purpose: str, value: str) -> bytes:
        """Hash a value under the current key, for look-up by it."""
        return _hashed(self._current_ring().current, purpose, value)

    def fingerprints(self, purpose: str, value: str) -> tuple[bytes, bytes]:
        """Hash a value under the current and the previous key (the same twice if there is only one)."""
        ring = self._current_ring()
        first = _hashed(ring.current, purpose, value)
        return (first, _hashed(ring.previous, purpose, value) if ring.previous else first)

    def code(self, derived: Derived) -> str:
        """Derive the six digits of a code; of 256 bits, the remainder by a million is uniform to 2^-236."""
        derived_bits = hmac.digest(self._key(derived.key_id).codes, derived.binding.encode(), sha256)
        return f"{int.from_bytes(derived_bits, 'big') % 1_000_000:06d}"

    def token(self, derived: Derived) -> str:
        """Derive the token of a link, of 128 bits."""
        derived_bits = hmac.digest(self._key(derived.key_id).tokens, derived.binding.encode(), sha256)
        return urlsafe_b64encode(derived_bits[:_TOKEN_LENGTH]).rstrip(b"=").decode()

    def seal(self, text: str, context: str) -> bytes:
        """Encrypt a column's value, bound to its place: moved to another row or column, it does not open."""
        (sealed,) = self.seal_all([(text, context)])
        assert sealed is not None, "a text that is there is sealed"
        return sealed

    def seal_all(self, texts: Sequence[tuple[str | None, str]]) -> list[bytes | None]:
        """Encrypt the values of a row, each bound to its place; where there is none, nothing is sealed."""
        key = self._current_ring().current
        key_id, encrypt = bytes.fromhex(key.key_id), key.cipher.encrypt
        sealed: list[bytes | None] = []
        for text, context in texts:
            nonce = secrets.token_bytes(_NONCE_LENGTH)
            sealed.append(None if text is None else key_id + nonce + encrypt(nonce, text.encode(), context.encode()))
        return sealed

    def unseal(self, sealed: bytes, context: str) -> str:
        """Decrypt a column's value."""
        return self._opened(sealed, context, self._current_ring().current)

    def unseal_all(self, sealed: Sequence[tuple[bytes | None, str]]) -> list[str | None]:
        """Decrypt the values of a row, each in its place; if one does not open there, none is given."""
        key = self._current_ring().current
        return [None if value is None else self._opened(value, context, key) for value, context in sealed]

    def _opened(self, sealed: bytes, context: str, current: Key) -> str:
        nonce_ends = _ID_LENGTH + _NONCE_LENGTH
        if len(sealed) < nonce_ends + _TAG_LENGTH:
            raise CorruptSecret(f"The value of {_column(context)} is too short to have been sealed here.")
        key_id = key_id_of(sealed)
        key = current if key_id == current.key_id else self._key(key_id)
        try:
            opened = key.cipher.decrypt(sealed[_ID_LENGTH:nonce_ends], sealed[nonce_ends:], context.encode())
        except InvalidTag:
            raise CorruptSecret(f"The value of {_column(context)} was altered or belongs to another row.") from None
        return opened.decode()

    def is_current(self, sealed: bytes) -> bool:
        """Say whether a value is sealed with the current key; if not, a rotation has to seal it anew."""
        return key_id_of(sealed) == self.current

    def sign(self, payload: bytes) -> bytes:
        """Sign a checkpoint (Ed25519) with the current key, whose id comes first."""
        key = self._current_ring().current
        return bytes.fromhex(key.key_id) + key.signer.sign(payload)

    def verify(self, payload: bytes, signature: bytes) -> bool:
        """Say whether a checkpoint was signed by a key of this ring, retired ones included."""
        public = self._look().find_public(signature[:_ID_LENGTH].hex())
        if public is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature[_ID_LENGTH:], payload)
        except InvalidSignature:
            return False
        return True

    def _key(self, key_id: str) -> Key:
        current = self._current_ring().current
        key = current if current.key_id == key_id else self._ring.find(key_id) or self._look().find(key_id)
        if key is None:
            raise CorruptSecret(
                f"The key {key_id} is not in the ring. Put it back into the file of keys as its second line."
            )
        return key


def _hashed(key: Key, purpose: str, value: str) -> bytes:
    """Hash a value under a key, apart for each purpose."""
    assert "\0" not in purpose, "the zero byte divides the purpose from the value"
    return hmac.digest(key.fingerprinting, f"{purpose}\0{value}".encode(), sha256)


def _column(context: str) -> str:
    return context.partition(":")[0]
