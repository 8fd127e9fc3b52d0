"""Argon2 in the form of the PHC: `$argon2id$v=19$m=19456,t=2,p=1$salt$digest`, and Django's prefix before it."""

import re

from argon2.low_level import Type, hash_secret_raw

from renumber.crypto.stored_hashes.stored_hash import StoredHash, base64

TYPES = {"d": Type.D, "i": Type.I, "id": Type.ID}
FIRST_VERSION = 0x10  # what has no version was made before there was a second one
MOST_LANES = 64  # each is a thread
MOST_BYTES = 512  # of salt and digest
_SECONDS_PER_KIB = 0.95e-6  # and pass

_PHC = re.compile(
    r"(?:argon2)?\$argon2(?P<type>id|i|d)(?:\$v=(?P<version>16|19))?"
    r"\$m=(?P<memory>\d{1,9}),t=(?P<time>\d{1,9}),p=(?P<lanes>\d{1,9})"
    r"\$(?P<salt>[A-Za-z0-9+/]+={0,2})\$(?P<digest>[A-Za-z0-9+/]+={0,2})",
    re.ASCII,
)


def read_argon2(stored: str) -> StoredHash | None:
    """Read a hash of argon2i, argon2d or argon2id; None if it is none, ValueError if it isn't whole."""
    match = _PHC.fullmatch(stored)
    if match is None:
        return None
    return argon2(
        kind=TYPES[match["type"]],
        version=int(match["version"] or FIRST_VERSION),
        cost=(int(match["memory"]), int(match["time"]), int(match["lanes"])),
        salt=base64(match["salt"]),
        digest=base64(match["digest"]),
    )


def argon2(*, kind: Type, version: int, cost: tuple[int, int, int], salt: bytes, digest: bytes) -> StoredHash:
    """Build an argon2 of memory in KiB, passes and lanes; ValueError if RFC 9106 §3.1 has no such parameters."""
    memory, time, lanes = cost
    is_possible = 1 <= lanes <= MOST_LANES and memory >= 8 * lanes and time >= 1
    if not is_possible or not 8 <= len(salt) <= MOST_BYTES or len(digest) > MOST_BYTES:
        raise ValueError("no parameters of argon2")
    return StoredHash(
        compute=lambda password: hash_secret_raw(password, salt, time, memory, lanes, len(digest), kind, version),
        expected=digest,
        seconds=seconds_of(memory, time),
        memory=memory,
    )


def seconds_of(memory: int, time: int) -> float:
    """Estimate what so many KiB and passes take on a slow processor."""
    return _SECONDS_PER_KIB * memory * time
