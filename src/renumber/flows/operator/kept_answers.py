"""Answers that are kept for a day, so that a program that heard none may ask again without doing a thing twice."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=2)  # longer than any request takes: whoever began it has died


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceOnly:
    """A request that is carried out once: `request_id` of the caller and its key, `fingerprint` of all that it asks."""

    request_id: str
    fingerprint: bytes = field(repr=False)
    began_at: datetime


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An earlier request with the same key; without content it is still under way."""

    fingerprint: bytes = field(repr=False)
    content: str | None = field(repr=False)


class KeptAnswers(Protocol):
    """Keeps answers, sealed, across processes."""

    async def begin(self, request: OnceOnly) -> KeptAnswer | None:
        """Begin a request; if one with the same key was begun before, give that one, and begin nothing."""

    async def keep(self, request: OnceOnly, content: str) -> None:
        """Keep the answer of a request that was begun here."""

    async def forget(self, request: OnceOnly) -> None:
        """Forget a request that was begun here and did nothing."""


class CallQuotas(Protocol):
    """Counts calls across processes."""

    async def take(self, keys: tuple[bytes, ...], most: int, now: datetime) -> tuple[datetime | None, int]:
        """Count one call of at most so many a minute; gives when it will be allowed, or None, and how many are left."""
