"""Requests as the web notes them."""

from dataclasses import dataclass, field

from renumber.domain.outcomes import Refusal

ACCOUNT = "a" * 32


@dataclass
class ARequest:
    """A page that was shown; a test names only what it is about."""

    request_id: str = "0123456789ab"
    method: str = "GET"
    route: str = "/sign-in"
    status: int = 200
    elapsed: float = 0.0123
    account_id: str | None = None
    acts: list[str] = field(default_factory=list)
    refusal: Refusal | None = None
    fault: Exception | None = None
    spent: dict[str, float] = field(default_factory=dict)
