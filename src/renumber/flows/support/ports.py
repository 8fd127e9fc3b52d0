"""Reading for the console, without locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from renumber.domain.account import Account
from renumber.domain.support.caller_check import CallerCheck
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.domain.support.staff import StaffMember
from renumber.flows.audit.ports import AuditServices
from renumber.flows.operator.services import AccountPages
from renumber.flows.ports.provider import IdentityProvider, StaffIdentities
from renumber.flows.support.account_view import AccountViews
from renumber.flows.support.live import Changes
from renumber.policies.support.provider import ProviderRules


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


class CallerReads(Protocol):
    """Reads checks of callers."""

    async def check_numbered(self, number: str) -> CallerCheck | None:
        """Read the one check that can be opened by this number."""

    async def check(self, account_id: str) -> CallerCheck | None:
        """Read the newest check of an account."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who has, had or is proposed for a role, and their account."""

    member: StaffMember
    account: Account


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case, and those of staff who have worked on it, by the ids of their accounts."""

    case: RecoveryCase
    colleagues: Mapping[str, Colleague]


class CaseReads(Protocol):
    """Reads single cases."""

    async def case(self, account_id: str, case_id: str) -> NamedCase | None:
        """Read a case by its id, with whoever of staff it names."""

    async def newest_case(self, account_id: str) -> RecoveryCase | None:
        """Read the case that was opened last for an account."""


class Colleagues(Protocol):
    """Reads who works at customer relations."""

    async def colleagues(self, limit: int) -> Sequence[Colleague]:
        """Read those who have or are proposed for a role, with their accounts, in the order of their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportServices:
    """The ports that customer relations needs beside those of every flow."""

    reads: SupportReads
    pages: AccountPages
    views: AccountViews
    cases: CaseReads
    colleagues: Colleagues
    changes: Changes
    callers: CallerReads
    identities: StaffIdentities
    provider: IdentityProvider | None = None
    provider_rules: ProviderRules = field(default_factory=ProviderRules)
    audit: AuditServices
