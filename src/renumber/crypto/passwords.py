"""Password hashes, computed outside the event loop on no more threads than there are cores."""

import asyncio
import math
import os
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

import argon2

from renumber.crypto.stored_hashes.argon2s import seconds_of
from renumber.crypto.stored_hashes.reading import read_hash
from renumber.crypto.stored_hashes.stored_hash import MOST_SECONDS, HashProblem, StoredHash
from renumber.flows.ports.services import Verdict
from renumber.settings.argon2 import Argon2

COST = Argon2()
WAITING_PER_THREAD = 32
_SECONDS_EACH = 0.03  # of one hash with the default parameters, to say when to come back

Answer = TypeVar("Answer")


class Busy(Exception):
    """Too many passwords wait to be hashed; the web answers 503 with Retry-After."""

    permanent = False

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many passwords are waiting; try again in {retry_after} s")
        self.retry_after = retry_after  # seconds


class Passwords:
    """Hashes with argon2id; verifies what `read_hash` can read, and asks for a new hash for all that is not its own."""

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
        self._own_seconds = seconds_of(memory, time)
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
        read = self._read(self._decoy if stored is None else stored)
        if stored is None or not isinstance(read, StoredHash):
            self._compare_with_decoy(password)
            return Verdict(matches=False, needs_rehash=False)
        matches = _matches(read, password)
        if not matches and read.seconds < self._own_seconds:  # being quicker would tell that the account exists
            self._compare_with_decoy(password)
        return Verdict(matches, matches and self._is_foreign(stored))

    def _compare_with_decoy(self, password: str) -> None:
        decoy = self._read(self._decoy)
        assert isinstance(decoy, StoredHash), "our own hash"
        _matches(decoy, password)

    def _read(self, stored: str) -> StoredHash | HashProblem:
        """Read a hash; one that costs no more than ours may always be verified, however dear the operator made ours."""
        return read_hash(stored, max(MOST_SECONDS, self._own_seconds))

    def _is_foreign(self, stored: str) -> bool:
        return not stored.startswith("$argon2id$") or self._hasher.check_needs_rehash(stored)


def _matches(stored: StoredHash, password: str) -> bool:
    """Try the normal form, then what was typed and its composed form: another system may have hashed either."""
    forms = dict.fromkeys((_normal(password), password, unicodedata.normalize("NFC", password)))
    return any(stored.matches(_encoded(form)) for form in forms)


def _normal(password: str) -> str:
    """Bring equal-looking entries of different keyboards to one form (NIST SP 800-63B-4 §3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _encoded(password: str) -> bytes:
    """Encode a password; half a surrogate pair, which JSON can carry, makes a wrong password and not a fault."""
    return password.encode(errors="surrogatepass")
