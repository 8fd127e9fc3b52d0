"""Erasing an account, by the operator."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from renumber.domain.facts import Fact
from renumber.flows.consequences import entry_of_operator
from renumber.flows.events import events_of_operator
from renumber.flows.ports.services import JoinsSource
from renumber.flows.ports.store import AuditEntry
from renumber.policies.events.types import Event
from renumber.policies.oidc.logout import listening


class Erasure(Protocol):
    """Takes every identifier of an account away; its history stays."""

    async def erase(
        self, account_id: str, entry: AuditEntry, events: Sequence[Event] = (), *, applications: Sequence[str] = ()
    ) -> None:
        """Erase the account, write this last row into its history, and tell others, in one transaction.

        Those of `applications` that were given something in a session of it hear of its end.
        """


async def erase_account(erasure: Erasure, account_id: str, now: datetime, *, joins: JoinsSource, by: str = "") -> None:
    """Forget a person: every identifier goes, the history of what happened stays."""
    entry = entry_of_operator(Fact.ACCOUNT_ERASED, account_id, now, by=by)
    events = events_of_operator(Fact.ACCOUNT_ERASED, account_id, now, joins=joins)
    await erasure.erase(account_id, entry, events, applications=listening(joins.current()))
