"""The cost of a password hash."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Argon2:
    """The cost of a new password hash; memory in KiB. The defaults are OWASP's."""

    memory: int = 19456
    time: int = 2
    parallelism: int = 1
