"""Erasing an account, by the operator."""

from datetime import datetime
from typing import Protocol

from renumber.domain.outcomes import Fact
from renumber.flows.consequences import entry_of_operator
from renumber.flows.ports.store import AuditEntry


class Erasure(Protocol):
    """Takes every identifier of an account away; its history stays."""

    async def erase(self, account_id: str, entry: AuditEntry) -> None:
        """Erase the account, and write this last row into its history, in one transaction."""


async def erase_account(erasure: Erasure, account_id: str, now: datetime, *, by: str = "") -> None:
    """Forget a person: every identifier goes, the history of what happened stays."""
    await erasure.erase(account_id, entry_of_operator(Fact.ACCOUNT_ERASED, account_id, now, by=by))
