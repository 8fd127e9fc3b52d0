"""The pages that stay open, of the console and of companies, and the marks of changes that they follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MOST_AT_ONCE = 48
"""How many open pages one query looks after; whoever asks for more asks twice."""


class LiveList(StrEnum):
    """A list that is looked at as a whole."""

    QUEUES = "queues"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """A page that stays open in somebody's session: of an account, of a company, or with neither, of a list."""

    staff_id: str
    session_id: str
    account_id: str = ""
    organisation_id: str = ""
    shows: LiveList = LiveList.QUEUES


@dataclass(frozen=True, slots=True)
class Mark:
    """When something changed last, and a text that is another one after each change."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of what is looked at, and the sessions that still hold."""

    of_accounts: Mapping[str, Mark]
    of_companies: Mapping[str, Mark]
    of_lists: Mapping[LiveList, Mark]
    sessions: frozenset[str]

    def seen_by(self, onlooker: Onlooker) -> Mark | None:
        """The mark of what this page shows; None where there is nothing to show, or the session is over."""
        if onlooker.session_id not in self.sessions:
            return None
        if onlooker.organisation_id:
            return self.of_companies.get(onlooker.organisation_id)
        return self.of_accounts.get(onlooker.account_id) if onlooker.account_id else self.of_lists[onlooker.shows]


class Changes(Protocol):
    """Reads what has changed."""

    async def marks(self, onlookers: Sequence[Onlooker], now: datetime, *, idle_since: datetime) -> Marks:
        """Read the marks of what is looked at, and the sessions that still hold, for as many as one query takes."""
