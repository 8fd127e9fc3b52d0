"""Accounts as rows."""

from sqlalchemy import func, select

from renumber.domain.account import Account, AccountState
from renumber.domain.email_address import EmailAddress
from renumber.domain.factor import Factor
from renumber.domain.number_history import NumberHistory
from renumber.domain.organisations.membership import Membership
from renumber.domain.phone_number import PhoneNumber
from renumber.flows.ports.services import KeyedHash
from renumber.store.database.keyed import KeyedStatement
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables

SHARING = KeyedStatement(
    lambda match: select(func.count().label("accounts")).where(match(tables.account.c.number_key, "number_key"))
)


def to_row(account: Account) -> Cells:
    """Seal the columns that identify a person; `number_key` counts accounts of one number without knowing it."""
    number = account.number.e164 if account.number else None
    former = account.former_number.e164 if account.former_number else None
    membership = account.membership
    return {
        "account_id": account.account_id,
        "email": account.email.text,
        "name": account.name,
        "locale": account.locale,
        "password_hash": account.password_hash,
        "number": number,
        "number_key": number,
        "number_unproven": account.numbers.is_unproven,
        "state": account.state.value,
        "created_at": account.created_at,
        "changed_at": account.changed_at,
        "frozen_at": account.frozen_at,
        "release_stopped_at": account.release_stopped_at,
        "number_changed_at": account.number_changed_at,
        "former_number": former,
        "former_until": account.former_until,
        "password_mailed_at": account.password_mailed_at,
        "password_link_id": account.password_link_id,
        "browsers_forgotten_at": account.browsers_forgotten_at,
        "factors": ",".join(sorted(account.factors)),
        "suspended": ",".join(sorted(account.suspended)),
        "lost": ",".join(sorted(account.lost)),
        "disabled": ",".join(sorted(account.disabled)),
        "last_factor": account.last_factor.value if account.last_factor else None,
        "organisation_id": membership.organisation_id if membership else None,
        "organisation_since": membership.since if membership else None,
        "is_administrator": membership is not None and membership.is_administrator,
        "erased_at": None,
        "version": account.version,
    }


def from_row(row: Cells) -> Account:
    """Read an account."""
    return Account(
        account_id=row["account_id"],
        email=EmailAddress(row["email"] or ""),
        name=row["name"] or "",
        locale=row["locale"],
        password_hash=row["password_hash"] or "",
        numbers=_numbers(row),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        state=AccountState(row["state"]),
        frozen_at=row["frozen_at"],
        release_stopped_at=row["release_stopped_at"],
        password_mailed_at=row["password_mailed_at"],
        password_link_id=row["password_link_id"],
        browsers_forgotten_at=row["browsers_forgotten_at"],
        factors=_factors(row["factors"]),
        last_factor=Factor(row["last_factor"]) if row["last_factor"] else None,
        suspended=_factors(row["suspended"]),
        lost=_factors(row["lost"]),
        disabled=_factors(row["disabled"]),
        membership=_membership(row),
        version=row["version"],
    )


def _numbers(row: Cells) -> NumberHistory:
    return NumberHistory(
        present=PhoneNumber(row["number"]) if row["number"] else None,
        is_unproven=bool(row["number_unproven"]),
        changed_at=row["number_changed_at"],
        former=PhoneNumber(row["former_number"]) if row["former_number"] else None,
        former_until=row["former_until"],
    )


def _membership(row: Cells) -> Membership | None:
    if row["organisation_id"] is None:
        return None
    return Membership(
        organisation_id=row["organisation_id"],
        since=row["organisation_since"],
        is_administrator=bool(row["is_administrator"]),
    )


def _factors(listed: str) -> frozenset[Factor]:
    return frozenset(Factor(factor) for factor in listed.split(",") if factor)


mapper = Mapper(
    Account, tables.account, "account_id", to_row=to_row, from_row=from_row, hashed={"number_key": KeyedHash.NUMBER}
)
