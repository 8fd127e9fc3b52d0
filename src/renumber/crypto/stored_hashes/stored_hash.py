"""A stored password hash that was read: how it is compared, and what that costs."""

import hmac
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

MOST_SECONDS = 4.0  # of one processor: a row of a file must not take a thread of the sign-ins for longer
MOST_MEMORY = 1 << 20  # KiB
LEAST_BYTES = 16  # of a digest: a shorter one is met by chance, or was cut off


class HashProblem(StrEnum):
    """The reason why a stored hash can't be verified."""

    UNKNOWN = "unknown"
    DAMAGED = "damaged"
    TOO_COSTLY = "too_costly"
    FAST_DIGEST = "fast_digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHash:
    """A stored hash; `seconds` is what one comparison takes on a slow processor, `memory` is in KiB."""

    compute: Callable[[bytes], bytes] = field(repr=False)
    expected: bytes = field(repr=False)
    seconds: float
    memory: int = 0

    def problem(self, most_seconds: float) -> HashProblem | None:
        """Say why it can't be verified within so many seconds; None if it can."""
        if self.seconds > most_seconds or self.memory > MOST_MEMORY:
            return HashProblem.TOO_COSTLY
        return HashProblem.DAMAGED if len(self.expected) < LEAST_BYTES else None

    def matches(self, password: bytes) -> bool:
        """Compare a password in constant time; takes about `seconds`."""
        return hmac.compare_digest(self.compute(password), self.expected)


def base64(text: str) -> bytes:
    """Read base64 with or without padding, with a dot for the plus sign (passlib) or for URLs; ValueError if none."""
    standard = text.rstrip("=").translate(str.maketrans("-_.", "+/+"))
    return b64decode(standard + "=" * (-len(standard) % 4), validate=True)
