"""The organisation of an account, as its unit of work reads it."""

from collections.abc import Sequence
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.organisations.organisation import Organisation


class OrganisationRecords(Protocol):
    """Reads the organisation that the account belongs to, in the same transaction."""

    async def organisation(self) -> Organisation | None:
        """Read it, if the account belongs to one."""

    async def administrators(self) -> Sequence[Account]:
        """Read the accounts of its administrators, the account's own among them."""
