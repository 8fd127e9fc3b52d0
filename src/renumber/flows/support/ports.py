"""Reading for the console, without locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import StaffMember
from renumber.flows.operator.services import AccountPages
from renumber.flows.support.account_view import AccountViews


class SupportReads(Protocol):
    """Reads roles and cases."""

    async def staff_member(self, account_id: str) -> StaffMember | None:
        """Read the role of an account, if it ever had one."""

    async def staff(self, after: str, limit: int) -> Sequence[StaffMember]:
        """Read everybody who has, had or is proposed for a role, in the order of the ids that come after one."""

    async def open_cases(self, limit: int) -> Sequence[RecoveryCase]:
        """Read the open cases, the oldest first."""

    async def case_numbered(self, number: str) -> RecoveryCase | None:
        """Read a case by the number that people say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportServices:
    """The ports that customer relations needs beside those of every flow."""

    reads: SupportReads
    pages: AccountPages
    views: AccountViews
