"""Finding an account by what a person says of themselves."""

import re
from collections.abc import Sequence

from renumber.domain.account import Account
from renumber.domain.email_address import EmailAddress
from renumber.domain.phone_number import E164, PhoneNumber
from renumber.flows.services import Services
from renumber.flows.support.ports import SupportServices

ACCOUNT_ID = re.compile(r"[0-9a-f]{32}")
CASE_NUMBER = re.compile(r"[A-Z2-9]{4}-?[A-Z2-9]{4}")
BETWEEN_DIGITS = re.compile(r"[\s()./-]")
MOST_FOUND = 20


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
