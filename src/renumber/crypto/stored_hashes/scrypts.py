"""Scrypt as Django, Werkzeug, passlib and crypt(3) write it down, and Firebase's own way with it."""

import re
from hashlib import scrypt as openssl_scrypt

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from renumber.crypto.stored_hashes.crypt_base64 import ALPHABET, little_endian
from renumber.crypto.stored_hashes.stored_hash import StoredHash, base64

_SECONDS_PER_BLOCK = 0.7e-6
_ROOM = 1 << 20  # bytes that OpenSSL wants besides the blocks

_DJANGO = re.compile(
    r"scrypt\$(?P<n>\d{1,9})\$(?P<salt>[^$]+)\$(?P<r>\d{1,4})\$(?P<p>\d{1,4})\$(?P<digest>[A-Za-z0-9+/]+=*)"
)
_WERKZEUG = re.compile(r"scrypt:(?P<n>\d{1,9}):(?P<r>\d{1,4}):(?P<p>\d{1,4})\$(?P<salt>[^$]+)\$(?P<digest>[0-9a-f]+)")
_PHC = re.compile(
    r"\$scrypt\$ln=(?P<ln>\d{1,2}),r=(?P<r>\d{1,4}),p=(?P<p>\d{1,4})"
    r"\$(?P<salt>[A-Za-z0-9+/]*={0,2})\$(?P<digest>[A-Za-z0-9+/]+={0,2})"
)
_CRYPT = re.compile(
    r"\$7\$(?P<ln>[./A-Za-z0-9])(?P<r>[./A-Za-z0-9]{5})(?P<p>[./A-Za-z0-9]{5})"
    r"(?P<salt>[./A-Za-z0-9]*)\$(?P<digest>[./A-Za-z0-9]{43})"
)
_FIREBASE = re.compile(
    r"\$fbscrypt\$v=1,n=(?P<ln>\d{1,2}),r=(?P<r>\d{1,4}),p=1,ss=(?P<separator>[\w+/-]*={0,2}),sk=(?P<key>[\w+/-]+={0,2})"
    r"\$(?P<salt>[\w+/-]+={0,2})\$(?P<digest>[\w+/-]+={0,2})",
    re.ASCII,
)


def read_scrypt(stored: str) -> StoredHash | None:
    """Read a hash of scrypt in any of its spellings; None if it is none, ValueError if it isn't whole."""
    if match := _DJANGO.fullmatch(stored):
        return _read(match, n=int(match["n"]), salt=match["salt"].encode(), digest=base64(match["digest"]))
    if match := _WERKZEUG.fullmatch(stored):
        return _read(match, n=int(match["n"]), salt=match["salt"].encode(), digest=bytes.fromhex(match["digest"]))
    if match := _PHC.fullmatch(stored):
        return _read(match, n=1 << int(match["ln"]), salt=base64(match["salt"]), digest=base64(match["digest"]))
    if match := _CRYPT.fullmatch(stored):
        n, salt, digest = 1 << ALPHABET.index(match["ln"]), match["salt"].encode(), little_endian(match["digest"])
        return _built(n=n, r=_number(match["r"]), p=_number(match["p"]), salt=salt, digest=digest)
    return _read_firebase(match) if (match := _FIREBASE.fullmatch(stored)) else None


def _read(match: re.Match[str], *, n: int, salt: bytes, digest: bytes) -> StoredHash:
    return _built(n=n, r=int(match["r"]), p=int(match["p"]), salt=salt, digest=digest)


def _built(*, n: int, r: int, p: int, salt: bytes, digest: bytes) -> StoredHash:
    """Build a scrypt (RFC 7914 §2); ValueError if it has no such parameters."""
    if n < 2 or n & (n - 1) or r < 1 or p < 1:
        raise ValueError("no parameters of scrypt")
    return StoredHash(
        compute=lambda password: openssl_scrypt(
            password, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 2) + _ROOM, dklen=len(digest)
        ),
        expected=digest,
        seconds=_SECONDS_PER_BLOCK * n * r * p,
        memory=(n + p) * r // 8,  # blocks of 128 r bytes
    )


def _number(text: str) -> int:
    return sum(ALPHABET.index(digit) << 6 * place for place, digit in enumerate(text))


def _read_firebase(match: re.Match[str]) -> StoredHash:
    """Read Firebase's scrypt, whose result is a key that the project's own signer key is encrypted with."""
    salt = base64(match["salt"]) + base64(match["separator"])
    derived = _built(n=1 << int(match["ln"]), r=int(match["r"]), p=1, salt=salt, digest=bytes(32))
    signer = base64(match["key"])
    return StoredHash(
        compute=lambda password: _encrypted(derived.compute(password), signer),
        expected=base64(match["digest"]),
        seconds=derived.seconds,
        memory=derived.memory,
    )


def _encrypted(key: bytes, text: bytes) -> bytes:
    encryptor = Cipher(AES(key), CTR(bytes(16))).encryptor()
    return encryptor.update(text) + encryptor.finalize()
