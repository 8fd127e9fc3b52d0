"""Reading and adding organisations."""

from collections.abc import Sequence
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.organisations.organisation import Organisation
from renumber.flows.ports.store import AuditEntry


class OrganisationReads(Protocol):
    """Reads organisations and their people, without locks."""

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """Read an organisation by its id."""

    async def named(self, name: str) -> Organisation | None:
        """Read an organisation by its name, letter by letter."""

    async def organisations(self, after: str, limit: int) -> Sequence[Organisation]:
        """Read organisations, in the order of the ids that come after one."""

    async def administrators(self, organisation_id: str) -> Sequence[Account]:
        """Read the accounts of its administrators."""

    async def people(self, organisation_id: str, after: str, limit: int) -> Sequence[Account]:
        """Read the accounts that belong to it, in the order of the ids that come after one."""


class NewOrganisations(Protocol):
    """Adds organisations."""

    async def add(self, organisation: Organisation, entry: AuditEntry) -> bool:
        """Add an organisation, with the first row of its history; False if there is one of that name."""


class RemovedOrganisations(Protocol):
    """Removes organisations."""

    async def remove(self, organisation_id: str, entry: AuditEntry) -> bool:
        """Remove an organisation, with this row of its history, which stays; False if there is none."""
