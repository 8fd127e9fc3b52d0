"""The acts of an auditor: reading the history of one account, and exporting it or that of all."""

from dataclasses import dataclass, replace

from renumber.domain.account import Account
from renumber.domain.audit.entries import ExportFormat, TimeRange
from renumber.domain.facts import Fact
from renumber.domain.outcomes import Refusal, Step
from renumber.domain.support.staff import StaffRequest
from renumber.flows.act import Act, by_operator
from renumber.flows.ports.services import KeyedHash
from renumber.flows.ports.store import Quota
from renumber.flows.services import Client, Services
from renumber.flows.support.opening import StaffAct, at_desk, by_staff
from renumber.policies.limits import look_allowances
from renumber.policies.operator.account_texts import read_reason
from renumber.policies.support.acts import SupportAct


@dataclass(frozen=True, slots=True)
class ExportScope:
    """The entries that are exported, and how; as a text it is the subject of the entry that tells of it."""

    form: ExportFormat
    times: TimeRange

    def __str__(self) -> str:
        return f"{self.form} {self.times}"


async def open_history(services: Services, client: Client, asked: StaffRequest) -> Step[Account | None]:
    """Open the history of one account for a reason.

    The account's own history keeps it. That of an erased account has ended, so that the auditor's keeps it.
    """
    if await _is_erased(services, asked.account_id):
        return await _open_ended(services, client, asked, asked.account_id)
    return await _open(services, client, asked)


@by_staff(SupportAct.READ_HISTORY)
async def _open(act: StaffAct) -> Step[Account]:
    return await _looked(act)


@at_desk(SupportAct.READ_HISTORY)
async def _open_ended(act: StaffAct, account_id: str) -> Step[Account]:
    return await _looked(replace(act, subject=account_id))


async def _looked(act: StaffAct) -> Step[Account]:
    keys = act.services.secrets.fingerprints(KeyedHash.LOOKS_OF_STAFF, act.staff.account_id)
    open_at = await act.work.take([Quota(keys, look_allowances(act.limits))], act.now)
    if open_at:
        return act.refuse(Refusal.TOO_MANY_LOOKS, act.account, open_at=open_at)
    return act.done(act.account, Fact.STAFF_LOOKED)


async def begin_export(
    services: Services, client: Client, asked: StaffRequest, *, scope: ExportScope
) -> Step[Account | None]:
    """Write down what is about to be exported and why, of one account or, where none is named, of all."""
    if not asked.account_id:
        return await _export_all(services, client, asked, scope)
    if await _is_erased(services, asked.account_id):
        return await _export_all(services, client, asked, f"{scope} {asked.account_id}")
    return await _export_one(services, client, asked, scope)


@by_staff(SupportAct.EXPORT_HISTORY)
async def _export_one(act: StaffAct, scope: ExportScope) -> Step[Account]:
    return replace(act, subject=str(scope)).done(act.account, Fact.HISTORY_EXPORTED)


@at_desk(SupportAct.EXPORT_HISTORY)
async def _export_all(act: StaffAct, subject: ExportScope | str) -> Step[Account]:
    return replace(act, subject=str(subject)).done(act.account, Fact.HISTORY_EXPORTED)


@by_operator
async def export_by_operator(act: Act, subject: str, reason: str) -> Step[Account]:
    """Write down what an operator exports, in the history of the account or of the installation."""
    given = read_reason(reason)
    for_reason = act.for_reason(given) if given else act
    return replace(for_reason, subject=subject).done(act.account, Fact.HISTORY_EXPORTED)


async def _is_erased(services: Services, account_id: str) -> bool:
    """Say whether the account was erased, or is nobody's; one that never was is unknown to whatever opens it."""
    account = await services.store.find_account(account_id)
    return account is not None and not account.email.text
