"""The report on one account: who it is, masked, what happened to it, and the proof that none of it was altered."""

from collections.abc import Sequence
from dataclasses import dataclass

from renumber.domain.account import Account
from renumber.domain.audit.entries import ChainedEntry, ChainProof, EntryFilter
from renumber.flows.audit.ports import NEWEST, AuditServices
from renumber.flows.services import Services

MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReport:
    """The content of a report; `left_out` counts the older entries, which only an export holds."""

    account: Account
    proof: ChainProof
    entries: Sequence[ChainedEntry]
    left_out: int


async def account_report(services: Services, audit: AuditServices, account_id: str) -> AccountReport | None:
    """Read what the report says, the oldest entry first; None if there is no such account."""
    account, proof = await services.store.find_account(account_id), await audit.proofs.prove(account_id)
    if account is None or proof is None:
        return None
    newest = await audit.entries.found(EntryFilter(account_id=account_id), NEWEST, MOST)
    entries = sorted(newest, key=lambda entry: entry.seq)
    left_out = max(0, entries[0].seq - proof.first) if entries else 0
    return AccountReport(account=account, proof=proof, entries=entries, left_out=left_out)
