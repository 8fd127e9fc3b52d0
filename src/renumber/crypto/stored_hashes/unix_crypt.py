"""The hashes of crypt(3) that need nothing but a digest: sha512-crypt, sha256-crypt, md5-crypt and Apache's apr1."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import md5, sha256, sha512
from itertools import cycle, islice
from typing import Any

from renumber.crypto.stored_hashes.crypt_base64 import encoded
from renumber.crypto.stored_hashes.stored_hash import StoredHash

DEFAULT_ROUNDS, LEAST_ROUNDS = 5000, 1000
MD5_ROUNDS = 1000
_SECONDS_PER_ROUND = {"1": 2.5e-6, "apr1": 2.5e-6, "5": 2.5e-6, "6": 3e-6}

_SHA = re.compile(
    r"\$(?P<kind>[56])\$(?:rounds=(?P<rounds>\d{1,9})\$)?(?P<salt>[^$:\n]{0,16})\$(?P<digest>[./0-9A-Za-z]{43,86})",
    re.ASCII,
)
_MD5 = re.compile(r"\$(?P<kind>1|apr1)\$(?P<salt>[^$:\n]{0,8})\$(?P<digest>[./0-9A-Za-z]{22})", re.ASCII)
_LENGTHS = {"5": 43, "6": 86}

# The order in which the bytes of a digest are written down.
_OF_MD5 = (12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11)


def read_unix_crypt(stored: str) -> StoredHash | None:
    """Read a hash of crypt(3); None if it is none, ValueError if its rounds are impossible."""
    if match := _SHA.fullmatch(stored):
        return _read_sha(match)
    if match := _MD5.fullmatch(stored):
        magic = f"${match['kind']}$".encode()
        return StoredHash(
            compute=partial(_md5_crypt, magic, match["salt"].encode()),
            expected=match["digest"].encode(),
            seconds=_SECONDS_PER_ROUND[match["kind"]] * MD5_ROUNDS,
        )
    return None


def _read_sha(match: re.Match[str]) -> StoredHash:
    kind, rounds = match["kind"], int(match["rounds"] or DEFAULT_ROUNDS)
    if rounds < LEAST_ROUNDS or len(match["digest"]) != _LENGTHS[kind]:
        raise ValueError("no parameters of sha-crypt")
    return StoredHash(
        compute=partial(_sha_crypt, sha512 if kind == "6" else sha256, rounds=rounds, salt=match["salt"].encode()),
        expected=match["digest"].encode(),
        seconds=_SECONDS_PER_ROUND[kind] * rounds,
    )


def _sha_crypt(digest: Callable[[bytes], Any], password: bytes, *, rounds: int, salt: bytes) -> bytes:
    """Compute as https://www.akkadia.org/drepper/SHA-crypt.txt says; its steps stand beside the lines."""
    inner = digest(password + salt + password).digest()  # 4-8
    start = digest(password + salt + _filled(inner, len(password)))  # 1-3, 9-10
    for bit in _bits(len(password)):  # 11
        start.update(inner if bit else password)
    block = start.digest()  # 12
    p = _filled(digest(password * len(password)).digest(), len(password))  # 13-16
    s = _filled(digest(salt * (16 + block[0])).digest(), len(salt))  # 17-20
    for at in range(rounds):  # 21
        block = digest(_one_round(at, block, p=p, s=s)).digest()
    return encoded(block[place] for place in _order(len(block))).encode()  # 22


def _one_round(at: int, block: bytes, *, p: bytes, s: bytes) -> bytes:
    """Put together what a round hashes; md5-crypt, from which sha-crypt comes, has the same."""
    middle = (s if at % 3 else b"") + (p if at % 7 else b"")
    return p + middle + block if at & 1 else block + middle + p


def _order(size: int) -> Iterator[int]:
    """Give the places of a digest's bytes: thirds that turn with each group, and what is left at the end."""
    third = size // 3
    step = 1 if size == 64 else -1
    for group in range(third):
        turned = [(place + step * group) % 3 for place in range(3)]
        yield from (group + third * which for which in reversed(turned))
    yield from range(3 * third, size)


def _md5_crypt(magic: bytes, salt: bytes, password: bytes) -> bytes:
    """Compute as FreeBSD's crypt did in 1994, from whose source all others come."""
    inner = md5(password + salt + password, usedforsecurity=False).digest()
    begin = password + magic + salt + _filled(inner, len(password))
    begin += b"".join(b"\0" if bit else password[:1] for bit in _bits(len(password)))
    block = md5(begin, usedforsecurity=False).digest()
    for at in range(MD5_ROUNDS):
        block = md5(_one_round(at, block, p=password, s=salt), usedforsecurity=False).digest()
    return encoded(block[place] for place in _OF_MD5).encode()


def _filled(pattern: bytes, length: int) -> bytes:
    return bytes(islice(cycle(pattern), length)) if pattern else b""


def _bits(number: int) -> Iterator[int]:
    """Give the bits of a number, the lowest first, up to its highest."""
    while number:
        yield number & 1
        number >>= 1
