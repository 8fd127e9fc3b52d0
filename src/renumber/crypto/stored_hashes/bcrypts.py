"""Bcrypt: `$2b$12$…` and its older letters, and what Django, passlib and WordPress do before it."""

import hmac
import re
from base64 import b64encode
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from itertools import cycle, islice

import bcrypt

from renumber.crypto.stored_hashes.stored_hash import StoredHash

READ_BYTES = 72  # what follows them, bcrypt has never looked at
PHP_SPACE = b" \t\n\r\0\x0b"
_SECONDS_PER_ROUND = 55e-6

_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_PLAIN = re.compile(
    r"(?P<before>bcrypt\$|bcrypt_sha256\$|\$wp)?"
    r"\$2(?P<letter>[abxy])\$(?P<cost>\d\d)\$(?P<salt>[./A-Za-z0-9]{22})(?P<digest>[./A-Za-z0-9]{31})",
    re.ASCII,
)
_PASSLIB = re.compile(
    r"\$bcrypt-sha256\$(?P<version>v=2,t=)?2(?P<letter>[ab]),(?:r=)?(?P<cost>\d{1,2})"
    r"\$(?P<salt>[./A-Za-z0-9]{22})\$(?P<digest>[./A-Za-z0-9]{31})",
    re.ASCII,
)


def read_bcrypt(stored: str) -> StoredHash | None:
    """Read a hash of bcrypt in any of its spellings; None if it is none, ValueError if its cost is impossible."""
    match = _PLAIN.fullmatch(stored) or _PASSLIB.fullmatch(stored)
    if match is None:
        return None
    cost = int(match["cost"])
    if not 4 <= cost <= 31:
        raise ValueError("no cost of bcrypt")
    salt = match["salt"][:21] + _ALPHABET[_ALPHABET.index(match["salt"][21]) & 0b110000]  # 128 bits end there
    return StoredHash(
        compute=partial(_computed, f"$2b${cost:02}${salt}".encode(), _preparation(match)),
        expected=match["digest"].encode(),
        seconds=_SECONDS_PER_ROUND * 2**cost,
    )


def _computed(settings: bytes, prepare: Callable[[bytes], bytes], password: bytes) -> bytes:
    return bcrypt.hashpw(prepare(password)[:READ_BYTES], settings)[-31:]


def _preparation(match: re.Match[str]) -> Callable[[bytes], bytes]:
    """Choose what the system did with a password before bcrypt saw it."""
    if match.re is _PASSLIB:
        return partial(_digest_of_passlib, match["salt"].encode() if match["version"] else b"")
    if match["before"] == "bcrypt_sha256$":
        return lambda password: sha256(password).hexdigest().encode()
    if match["before"] == "$wp":
        return _digest_of_wordpress
    return _sign_extended if match["letter"] == "x" else bytes


def _digest_of_passlib(key: bytes, password: bytes) -> bytes:
    return b64encode(hmac.digest(key, password, "sha256") if key else sha256(password).digest())


def _digest_of_wordpress(password: bytes) -> bytes:
    return b64encode(hmac.digest(b"wp-sha384", password.strip(PHP_SPACE), "sha384"))


def _sign_extended(password: bytes) -> bytes:
    """Give the key that crypt_blowfish took before 2011 (CVE-2011-2483): its bytes above 127 were negative numbers.

    A password fills eighteen words, over and over with a zero at its end; what those words were then is a key as well.
    """
    taken = islice(cycle(password.partition(b"\0")[0] + b"\0"), READ_BYTES)
    words, word = [], 0
    for place, byte in enumerate(taken):
        word = ((word << 8) | (byte - 256 if byte > 127 else byte)) & 0xFFFFFFFF
        if place % 4 == 3:
            words.append(word.to_bytes(4))
            word = 0
    return b"".join(words)
