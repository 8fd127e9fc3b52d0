"""The rows of a company's page; numbers and addresses are masked here, so that no page has more of them."""

from renumber.domain.account import Account
from renumber.domain.phone_number import masked
from renumber.domain.support.case_evidence import COMPANY_WORDS
from renumber.domain.support.recovery_case import CaseState
from renumber.flows.organisations.views import CompanyCase, CompanyChange, CompanyPerson
from renumber.store.records import accounts, phone_changes
from renumber.store.records.mapper import Joined
from renumber.store.support import recovery_cases


def change_of(row: Joined) -> CompanyChange:
    """Read a change and whose it is."""
    change = row.of(phone_changes.mapper)
    wait = change.company
    return CompanyChange(
        person=_person(row.of(accounts.mapper)),
        change_id=change.change_id,
        state=change.state,
        old=masked(change.old_number),
        new=masked(change.new_number),
        requested_at=change.requested_at,
        until=wait.until if wait else None,
        goes_on=wait is not None and wait.goes_on,
        answered_by=wait.answered_by if wait else "",
    )


def case_of(row: Joined) -> CompanyCase:
    """Read a recovery case and whose it is."""
    case = row.of(recovery_cases.mapper)
    has_word = any(each.kind in COMPANY_WORDS for each in case.evidence)
    return CompanyCase(
        person=_person(row.of(accounts.mapper)),
        case_id=case.case_id,
        number=case.number,
        opened_at=case.opened_at,
        takes_word=case.state is CaseState.COLLECTING and not has_word,
        has_word=has_word,
    )


def _person(account: Account) -> CompanyPerson:
    return CompanyPerson(account_id=account.account_id, name=account.name, email=account.email.masked)
