"""The protocols that logout tokens need from the other rooms."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from renumber.policies.oidc.logout import Logout


class Logouts(Protocol):
    """Ended sessions that applications have yet to hear of, by the id of the application."""

    async def due_at(self, client_id: str, /) -> datetime | None:
        """Give the time at which the next one for an application can be claimed; None if none waits."""

    async def claim(
        self, client_id: str, limit: int, claimant: str, /, *, now: datetime, until: datetime
    ) -> Sequence[Logout]:
        """Take what an application has yet to hear, if it is due or its claim has lapsed; locked ones are skipped."""

    async def finish(self, logout: Logout, /) -> bool:
        """Forget it, since it was heard or given up; False if another sender has it by now."""

    async def defer(self, logout: Logout, until: datetime, /) -> bool:
        """Let it be sent again at a time; False if another sender has it by now."""

    async def release(self, claimed: Sequence[Logout], now: datetime, /) -> None:
        """Give claims back unsent for a graceful stop."""


Sign = Callable[[Mapping[str, object], str], Awaitable[str]]  # claims, and the algorithm, into a logout token
