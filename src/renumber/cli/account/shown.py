"""An account as commands show it: its address and its numbers are masked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renumber.cli.reading import Times
from renumber.domain.account import Account
from renumber.domain.factor import FactorStatus
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import masked
from renumber.flows.ports.store import AuditEntry
from renumber.store.audit.entries import AuditEntries, unsealed
from renumber.store.database.open import Row
from renumber.store.reads.account_factors import AccountFactors
from renumber.store.records.mapper import moment
from renumber.wiring.core import Core

ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """An account as `account show` shows it."""

    account: Account
    change: PhoneChange | None
    factors: Sequence[FactorStatus]
    history: Sequence[tuple[Row, AuditEntry]]


async def details_of(core: Core, account: Account) -> Details:
    """Read what there is to show."""
    change = await core.services.store.find_change(account.account_id)
    factors = await AccountFactors(core.database, core.keys).all(account.account_id)
    newest = await AuditEntries(core.database).newest_of(account.account_id, ROWS_SHOWN)
    history = [(row, unsealed(row, core.keys)) for row in newest]
    return Details(account=account, change=change, factors=factors, history=history)


def lines_of(shown: Details, times: Times) -> Iterator[str]:
    """Word it."""
    for label, value in _facts(shown, times).items():
        yield f"{label:14} {value}"
    yield "what happened last"
    for _, entry in shown.history:
        about = f" ({entry.grounds})" if entry.grounds else ""
        yield f"  {times.shown(entry.at)}  {entry.actor:9} {entry.act}{about}"


def _facts(shown: Details, times: Times) -> dict[str, str]:
    account, change = shown.account, shown.change
    if not account.email.text:
        return {"account": account.account_id, "state": "erased"}
    return {
        "account": account.account_id,
        "name": account.name,
        "e-mail": account.email.masked,
        "password": "chosen" if account.has_password else "none yet",
        "language": account.locale,
        "state": account.state.value + (f" since {times.shown(account.frozen_at)}" if account.frozen_at else ""),
        "number": _number(account),
        "number before": _number_before(account, times),
        "open change": f"{change.state} since {times.shown(change.requested_at)}" if change else "none",
        **{f"wrong {one.factor} codes": _wrong(one, times) for one in shown.factors},
    }


def _number(account: Account) -> str:
    standing = ", entered by an operator, not proven yet" if account.numbers.is_unproven else ""
    return masked(account.number) + standing if account.number else "none"


def _number_before(account: Account, times: Times) -> str:
    return masked(account.former_number) + _its_say(account, times) if account.former_number else "none"


def _its_say(account: Account, times: Times) -> str:
    if account.frozen_at and account.former_number_at(account.frozen_at):
        return ", can release the account as long as it is frozen"
    return f", can undo the change until {times.shown(account.former_until)}" if account.former_until else ""


def _wrong(factor: FactorStatus, times: Times) -> str:
    suspended = f", suspended since {times.shown(factor.suspended_at)}" if factor.suspended_at else ""
    return f"{factor.wrong_in_a_row} in a row{suspended}"


def brief_json(account: Account) -> dict[str, object]:
    """Give an account as lists give it to programs."""
    return {
        "account_id": account.account_id,
        "name": account.name,
        "email": account.email.masked,
        "number": masked(account.number) or None,
        "state": account.state.value,
        "created_at": account.created_at,
    }


def details_json(shown: Details) -> dict[str, object]:
    """Give an account as `account show` gives it to programs; of an erased one, its history alone is left."""
    account, change = shown.account, shown.change
    history = [entry_json(row, entry.reason) for row, entry in shown.history]
    if not account.email.text:
        return {"account_id": account.account_id, "state": "erased", "history": history}
    return {
        **brief_json(account),
        "frozen_at": account.frozen_at,
        "has_password": account.has_password,
        "language": account.locale,
        "number_is_proven": account.number is not None and not account.numbers.is_unproven,
        "former_number": masked(account.former_number) or None,
        "former_until": account.former_until,
        "open_change": {"state": change.state.value, "requested_at": change.requested_at} if change else None,
        "wrong_codes": [
            {"factor": one.factor.value, "in_a_row": one.wrong_in_a_row, "suspended_at": one.suspended_at}
            for one in shown.factors
        ],
        "history": history,
    }


def entry_json(row: Row, reason: str = "") -> dict[str, object]:
    """Give an entry of the history as commands give it to programs; the reason is told of one account alone."""
    told = {name: row[name] for name in ("account_id", "seq", "actor", "act", "subject", "evidence")}
    return {**told, **({"reason": reason} if reason else {}), "at": moment(row["at"])}
