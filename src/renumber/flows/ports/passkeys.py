"""Finding the account of a passkey."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Owner:
    """The account that has bound a credential, and whether its owner has signed in from this browser before."""

    account_id: str
    knows_browser: bool


class PasskeyOwners(Protocol):
    """Finds the account that has bound a credential."""

    async def owner_of(self, credential_id: bytes, browser_id: str) -> Owner | None:
        """Find the account that has bound this credential, if there is one."""
