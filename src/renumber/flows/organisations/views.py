"""The view that administrators have of their people: names, masks, and where each change or recovery stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from renumber.domain.phone_change import ChangeState

LINES = 20  # of recent changes at once
MOST_WAITING = 50  # at once: the oldest, and those behind them once these are answered


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPerson:
    """Somebody of the company; `email` is masked."""

    account_id: str
    name: str = field(repr=False)
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyChange:
    """A change of somebody's number, with both numbers masked; `until` is when its wait for the company ends."""

    person: CompanyPerson
    change_id: str
    state: ChangeState
    old: str
    new: str
    requested_at: datetime
    until: datetime | None
    goes_on: bool
    answered_by: str

    @property
    def waits(self) -> bool:
        """True if it waits for an administrator."""
        return self.state is ChangeState.AWAITING_COMPANY


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyCase:
    """A recovery that somebody asks for; `takes_word` while the company can still say whether it is a colleague."""

    person: CompanyPerson
    case_id: str
    number: str
    opened_at: datetime
    takes_word: bool
    has_word: bool


@dataclass(frozen=True, slots=True)
class CompanyPlace:
    """The place in the list of changes after which a page begins."""

    requested_ms: int
    change_id: str

    def __str__(self) -> str:
        return f"{self.requested_ms}.{self.change_id}"


NEWEST = CompanyPlace(1 << 62, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPage:
    """The page of a company: what waits, the oldest first, and a page of all other changes, the newest first."""

    name: str
    changes_wait: bool
    waiting: Sequence[CompanyChange]
    cases: Sequence[CompanyCase]
    recent: Sequence[CompanyChange]
    older: CompanyPlace | None


class CompanyViews(Protocol):
    """Reads what an organisation's administrators see: of those who belong to it now, from the time they have."""

    async def page(self, organisation_id: str, *, after: CompanyPlace, lines: int) -> CompanyPage | None:
        """Read its page in one query."""

    async def change(self, organisation_id: str, account_id: str, change_id: str) -> CompanyChange | None:
        """Read one change."""

    async def case(self, organisation_id: str, account_id: str, case_id: str) -> CompanyCase | None:
        """Read one open recovery case."""
