"""An account as `renumber account show` shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from renumber.domain.account import Account
from renumber.domain.factor import FactorStatus
from renumber.domain.phone_change import PhoneChange
from renumber.domain.phone_number import masked
from renumber.flows.ports.store import AuditEntry
from renumber.store.history import AccountHistory
from renumber.wiring import Parts

ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """An account as `account show` shows it."""

    account: Account
    change: PhoneChange | None
    factors: Sequence[FactorStatus]
    history: Sequence[AuditEntry]


async def look(parts: Parts, account: Account) -> Details:
    """Read what there is to show."""
    history = AccountHistory(parts.database, parts.keys)
    change = await parts.services.store.find_change(account.account_id)
    factors = await history.factors(account.account_id)
    newest = await history.newest(account.account_id, ROWS_SHOWN)
    return Details(account=account, change=change, factors=factors, history=newest)


def lines_of(shown: Details) -> Iterator[str]:
    """Word it, address and number masked."""
    for label, value in _facts(shown).items():
        yield f"{label:14} {value}"
    yield "what happened last"
    for entry in shown.history:
        about = f" ({entry.grounds})" if entry.grounds else ""
        yield f"  {_time(entry.at)}  {entry.actor:9} {entry.act}{about}"


def _facts(shown: Details) -> dict[str, str]:
    account, change = shown.account, shown.change
    if not account.email.text:
        return {"account": account.account_id, "state": "erased"}
    return {
        "account": account.account_id,
        "name": account.name,
        "e-mail": account.email.masked,
        "password": "chosen" if account.has_password else "none yet",
        "language": account.locale,
        "state": account.state.value + (f" since {_time(account.frozen_at)}" if account.frozen_at else ""),
        "number": _number(account),
        "number before": _number_before(account),
        "open change": f"{change.state} since {_time(change.requested_at)}" if change else "none",
        **{f"wrong {one.factor} codes": _wrong(one) for one in shown.factors},
    }


def _number(account: Account) -> str:
    standing = ", entered by an operator, not proven yet" if account.numbers.is_unproven else ""
    return masked(account.number) + standing if account.number else "none"


def _number_before(account: Account) -> str:
    return masked(account.former_number) + _its_say(account) if account.former_number else "none"


def _its_say(account: Account) -> str:
    if account.frozen_at and account.former_number_at(account.frozen_at):
        return ", can release the account as long as it is frozen"
    return f", can undo the change until {_time(account.former_until)}" if account.former_until else ""


def _wrong(factor: FactorStatus) -> str:
    suspended = f", suspended since {_time(factor.suspended_at)}" if factor.suspended_at else ""
    return f"{factor.wrong_in_a_row} in a row{suspended}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
