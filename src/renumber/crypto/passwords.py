"""Password hashes, computed outside the event loop on no more threads than there are cores."""

import asyncio
import hmac
import math
import os
import re
import secrets
import unicodedata
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from hashlib import pbkdf2_hmac
from typing import TypeVar

import argon2
import bcrypt

from renumber.flows.ports.services import Verdict
from renumber.settings.argon2 import Argon2

COST = Argon2()
WAITING_PER_THREAD = 32
_SECONDS_EACH = 0.03  # of one hash with the default parameters, to say when to come back

# Bounds on imported hashes, so that one row of a CSV file can't take the machine's memory or a thread for minutes.
_MOST_MEMORY = 1 << 20  # KiB
_MOST_ARGON2_WORK = 1 << 22  # KiB times passes
_MOST_BCRYPT_COST = 16
_MOST_ITERATIONS = 5_000_000
_BCRYPT_READS = 72  # bytes; what follows them it has never looked at

_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}", re.ASCII)
_DJANGO = re.compile(r"pbkdf2_sha256\$(\d{1,8})\$([^$]+)\$([A-Za-z0-9+/]{43}=)", re.ASCII)
_PASSLIB = re.compile(
    r"\$pbkdf2-(sha256|sha512)\$(\d{1,8})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]{43}|[A-Za-z0-9./]{86})", re.ASCII
)

Answer = TypeVar("Answer")


class Busy(Exception):
    """Too many passwords wait to be hashed; the web answers 503 with Retry-After."""

    permanent = False

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many passwords are waiting; try again in {retry_after} s")
        self.retry_after = retry_after  # seconds


class Passwords:
    """Hashes with argon2id; verifies argon2, bcrypt and PBKDF2, and asks for a new hash for all that is not its own."""

    def __init__(
        self,
        *,
        memory: int = COST.memory,
        time: int = COST.time,
        parallelism: int = COST.parallelism,
        threads: int | None = None,
    ) -> None:
        """Take argon2's memory in KiB, its passes and lanes, and the number of threads (default: the cores)."""
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, "password")
        self._hasher = argon2.PasswordHasher(time_cost=time, memory_cost=memory, parallelism=parallelism)
        self._most = self._threads * (1 + WAITING_PER_THREAD)
        self._begun = 0

    def prepare(self) -> None:
        """Make the decoy before people come: the first unknown address must not take longer than the next."""
        assert self._decoy

    @cached_property
    def _decoy(self) -> str:
        # An unknown account is compared with this, so that it takes as long as a known one.
        return self._hasher.hash(secrets.token_hex(16))

    async def verify(self, stored: str | None, password: str) -> Verdict:
        """Verify a password; None stands for an unknown account, and takes as long."""
        return await self._in_turn(lambda: self._compared(stored, password))

    async def hash(self, password: str) -> str:
        """Hash a new password."""
        return await self._in_turn(lambda: self._hasher.hash(_encoded(_normal(password))))

    @property
    def waiting(self) -> int:
        """The number of passwords that wait for a thread, for the metrics."""
        return max(0, self._begun - self._threads)

    def close(self) -> None:
        """Wait for the hashes that have begun, and drop the others."""
        self._pool.shutdown(cancel_futures=True)

    async def _in_turn(self, work: Callable[[], Answer]) -> Answer:
        if self._begun >= self._most:
            raise Busy(max(1, math.ceil(self.waiting * _SECONDS_EACH / self._threads)))
        self._begun += 1
        try:
            return await asyncio.wrap_future(self._pool.submit(work))
        finally:
            self._begun -= 1

    def _compared(self, stored: str | None, password: str) -> Verdict:
        if stored is None or not is_supported(stored):
            self._matches(self._decoy, password)
            return Verdict(matches=False, needs_rehash=False)
        matches = self._matches(stored, password)
        return Verdict(matches, matches and self._is_foreign(stored))

    def _matches(self, stored: str, password: str) -> bool:
        """Try the normal form, then what was typed: another system may have hashed that."""
        forms = dict.fromkeys((_normal(password), password))
        return any(self._matches_exactly(stored, _encoded(form)) for form in forms)

    def _matches_exactly(self, stored: str, password: bytes) -> bool:
        if stored.startswith("$argon2"):
            return self._matches_argon2(stored, password)
        if stored.startswith("$2"):
            return bcrypt.checkpw(password[:_BCRYPT_READS], stored.encode())
        return _matches_pbkdf2(stored, password)

    def _matches_argon2(self, stored: str, password: bytes) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    def _is_foreign(self, stored: str) -> bool:
        return not stored.startswith("$argon2id$") or self._hasher.check_needs_rehash(stored)


def is_supported(stored: str) -> bool:
    """Say whether a stored hash can be verified here at a sane cost; an import asks before it takes a row."""
    if stored.startswith(("$argon2id$", "$argon2i$")):
        return _is_sane_argon2(stored)
    if match := _BCRYPT.fullmatch(stored):
        return 4 <= int(match[1]) <= _MOST_BCRYPT_COST
    asked = _parsed_pbkdf2(stored)
    return asked is not None and 1 <= asked.iterations <= _MOST_ITERATIONS


def _is_sane_argon2(stored: str) -> bool:
    try:
        asked = argon2.extract_parameters(stored)
    except argon2.exceptions.InvalidHashError:
        return False
    return asked.memory_cost <= _MOST_MEMORY and asked.memory_cost * asked.time_cost <= _MOST_ARGON2_WORK


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pbkdf2:
    digest: str
    iterations: int
    salt: bytes
    expected: bytes


def _matches_pbkdf2(stored: str, password: bytes) -> bool:
    asked = _parsed_pbkdf2(stored)
    assert asked is not None, "is_supported was asked first"
    computed = pbkdf2_hmac(asked.digest, password, asked.salt, asked.iterations, len(asked.expected))
    return hmac.compare_digest(computed, asked.expected)


def _parsed_pbkdf2(stored: str) -> _Pbkdf2 | None:
    if match := _DJANGO.fullmatch(stored):
        return _Pbkdf2(digest="sha256", iterations=int(match[1]), salt=match[2].encode(), expected=b64decode(match[3]))
    if (match := _PASSLIB.fullmatch(stored)) and len(match[3]) % 4 != 1:  # no base64 has such a length
        return _Pbkdf2(digest=match[1], iterations=int(match[2]), salt=_adapted(match[3]), expected=_adapted(match[4]))
    return None


def _adapted(text: str) -> bytes:
    """Read passlib's base64: a dot for the plus sign, and no padding."""
    return b64decode(text.replace(".", "+") + "=" * (-len(text) % 4))


def _normal(password: str) -> str:
    """Bring equal-looking entries of different keyboards to one form (NIST SP 800-63B-4 §3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _encoded(password: str) -> bytes:
    """Encode a password; half a surrogate pair, which JSON can carry, makes a wrong password and not a fault."""
    return password.encode(errors="surrogatepass")
