"""The portable hashes of phpass, as WordPress, phpBB and Drupal 7 have them: `$P$B…`, `$H$9…`, `$S$D…`."""

import re
from collections.abc import Callable
from functools import partial
from hashlib import md5, sha512
from typing import Any

from renumber.crypto.stored_hashes.crypt_base64 import ALPHABET, encoded
from renumber.crypto.stored_hashes.stored_hash import StoredHash

_SECONDS_PER_ROUND = 1e-6
_PORTABLE = re.compile(
    r"\$(?P<kind>[PHS])\$(?P<rounds>[5-9A-S])(?P<salt>.{8})(?P<digest>[./0-9A-Za-z]{22,43})", re.ASCII
)
_LENGTHS = {"P": 22, "H": 22, "S": 43}  # Drupal keeps 43 of the 86 digits
_DIGESTS: dict[str, Callable[[bytes], Any]] = {
    "P": partial(md5, usedforsecurity=False),
    "H": partial(md5, usedforsecurity=False),
    "S": sha512,
}


def read_phpass(stored: str) -> StoredHash | None:
    """Read a portable hash of phpass; None if it is none."""
    match = _PORTABLE.fullmatch(stored)
    if match is None or len(match["digest"]) != _LENGTHS[match["kind"]]:
        return None
    rounds = 1 << ALPHABET.index(match["rounds"])
    return StoredHash(
        compute=partial(_computed, match["kind"], rounds=rounds, salt=match["salt"].encode()),
        expected=match["digest"].encode(),
        seconds=_SECONDS_PER_ROUND * rounds,
    )


def _computed(kind: str, password: bytes, *, rounds: int, salt: bytes) -> bytes:
    digest = _DIGESTS[kind]
    block = digest(salt + password).digest()
    for _ in range(rounds):
        block = digest(block + password).digest()
    return encoded(block)[: _LENGTHS[kind]].encode()
