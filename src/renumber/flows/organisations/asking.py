"""Asking the administrators of a company: by mail, each within their own limit, of what waits on their page."""

from contextlib import suppress
from dataclasses import replace

from renumber.domain.facts import Fact
from renumber.domain.organisations.membership import organisation_of
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.support.recovery_case import RecoveryCase
from renumber.flows.act import Act, by_system
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import AccountUnknown, Quota
from renumber.flows.services import Services
from renumber.policies.limits import company_allowances
from renumber.policies.organisations.answering import administrator_of


async def ask_about_change(services: Services, change: PhoneChange | None) -> None:
    """Tell the administrators of a change that waits for one of them."""
    if change and change.organisation_id and change.state is ChangeState.AWAITING_COMPANY:
        await _ask_all(services, change.organisation_id, of=change.account_id, subject=change.change_id, about="change")


async def ask_about_case(services: Services, case: RecoveryCase | None) -> None:
    """Ask the administrators whether somebody whose recovery was begun is a colleague of theirs."""
    account = await services.store.find_account(case.account_id) if case else None
    organisation_id = organisation_of(account.membership) if account else None
    if case and organisation_id:
        await _ask_all(services, organisation_id, of=case.account_id, subject=case.case_id, about="case")


async def _ask_all(services: Services, organisation_id: str, *, of: str, subject: str, about: str) -> None:
    for administrator in await services.organisations.administrators(organisation_id):
        if administrator.account_id != of:
            with suppress(AccountUnknown):  # erased since it was read
                await _ask(services, administrator.account_id, organisation_id, subject=subject, about=about)


@by_system
async def _ask(act: Act, organisation_id: str, *, subject: str, about: str) -> Step[None]:
    """Tell one administrator; of what goes beyond a day's mails their page tells alone."""
    told, administrator = replace(act, subject=subject, extra={"about": about}), administrator_of(act.account)
    if administrator is None or administrator.organisation_id != organisation_id:
        return told.refuse(Refusal.NOT_YOUR_COMPANY)
    keys = act.services.secrets.fingerprints(KeyedHash.SENDS_TO_ADMINISTRATOR, act.account.account_id)
    open_at = await act.work.take([Quota(keys, company_allowances(act.limits))], act.now)
    if open_at:
        return told.refuse(Refusal.SEND_LIMIT_REACHED, open_at=open_at)
    return told.done(None, Fact.COMPANY_ASKED)
