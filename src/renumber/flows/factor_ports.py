"""What pages ask of the store about second factors."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renumber.domain.belonging import Belongings
from renumber.domain.passkey import Passkey
from renumber.domain.session import OpenSession


class FactorReads(Protocol):
    """What pages show of the second factors."""

    async def belongings(self, account_id: str) -> Belongings:
        """What the account's owner can prove themselves with besides the number, in one query."""

    async def profile(
        self, account_id: str, now: datetime, *, idle_since: datetime
    ) -> tuple[Belongings, Sequence[OpenSession]]:
        """The same and the sessions that can still be used, newest first, in one query."""

    async def passkeys(self, account_id: str) -> Sequence[Passkey]:
        """The account's passkeys, removed ones left out, oldest first."""
