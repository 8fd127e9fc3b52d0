"""Finding an account by what a person says of themselves."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.outcomes import Step
from renumber.domain.phone_number import E164, PhoneNumber
from renumber.domain.support.staff import Staff, StaffRequest
from renumber.flows.services import Client, Services
from renumber.flows.support.accounts import begin_search, look
from renumber.flows.support.ports import SupportServices

ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
CASE_NUMBER = re.compile(r"[A-Z2-9]{4}-?[A-Z2-9]{4}")
BETWEEN_DIGITS = re.compile(r"[\s()./-]")
MOST_FOUND = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search by somebody of staff: from where, for what, and for which reason."""

    staff: Staff
    client: Client
    wanted: str = field(repr=False)
    reason: str = field(repr=False)

    def about(self, account_id: str) -> StaffRequest:
        """A look at an account that was found."""
        return StaffRequest(staff=self.staff, account_id=account_id, reason=self.reason)


async def search(services: Services, support: SupportServices, asked: Search) -> Step[Sequence[Account]]:
    """Find accounts for a reason, which the history of each that is shown keeps; without one nothing is looked up."""
    begun = await begin_search(services, asked.client, asked.about(asked.staff.account_id))
    if begun.refusal:
        return Step((), refusal=begun.refusal, open_at=begun.open_at)
    found = await find(services, support, asked.wanted)
    looks = [await look(services, asked.client, asked.about(account.account_id)) for account in found]
    seen = [account for account, step in zip(found, looks, strict=True) if step.refusal is None]
    refused = next((step for step in looks if step.refusal), None)
    if refused and not seen:
        return Step((), refusal=refused.refusal, open_at=refused.open_at)
    return Step(seen)


async def find(services: Services, support: SupportServices, wanted: str) -> Sequence[Account]:
    """Find accounts by an address, a number with its plus, an id or a case number, each compared as a whole."""
    sought = wanted.strip()
    compact = BETWEEN_DIGITS.sub("", sought)
    if E164.fullmatch(compact):
        return await support.pages.of_number(PhoneNumber(compact), "", MOST_FOUND)
    account_id = await _account_id(services, support, sought)
    account = await services.store.find_account(account_id) if account_id else None
    return [account] if account and account.email.text else []


async def _account_id(services: Services, support: SupportServices, sought: str) -> str | None:
    if "@" in sought:
        found = await services.store.credentials(EmailAddress(sought).key, "")
        return found.account_id if found else None
    if ACCOUNT_ID.fullmatch(sought):
        return sought
    if CASE_NUMBER.fullmatch(sought.upper()):
        case = await support.reads.case_numbered(sought.upper().replace("-", ""))
        return case.account_id if case else None
    return None
