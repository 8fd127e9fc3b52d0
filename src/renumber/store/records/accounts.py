"""Accounts as rows."""

from sqlalchemy import func, select

from renumber.domain.account import Account, AccountState
from renumber.domain.factor import Factor
from renumber.domain.number_history import NumberHistory
from renumber.domain.organisations.membership import Membership
from renumber.flows.ports.services import KeyedHash
from renumber.store.database.keyed import KeyedStatement
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables

SHARING = KeyedStatement(
    lambda match: select(func.count().label("accounts")).where(match(tables.account.c.number_key, "number_key"))
)


def to_row(account: Account, columns: Columns) -> dict[str, object]:
    """Seal the columns that identify a person; `number_key` counts accounts of one number without knowing it."""
    number = account.number.e164 if account.number else None
    former = account.former_number.e164 if account.former_number else None
    membership = account.membership
    return {
        "account_id": account.account_id,
        "email": columns.seal("email", account.email.text),
        "name": columns.seal("name", account.name),
        "locale": account.locale,
        "password_hash": account.password_hash,
        "number": columns.seal("number", number),
        "number_key": columns.sealer.fingerprints(KeyedHash.NUMBER, number)[0] if number else None,
        "number_unproven": account.numbers.is_unproven,
        "state": account.state.value,
        "created_at": ms(account.created_at),
        "changed_at": ms_or_none(account.changed_at),
        "frozen_at": ms_or_none(account.frozen_at),
        "release_stopped_at": ms_or_none(account.release_stopped_at),
        "number_changed_at": ms_or_none(account.number_changed_at),
        "former_number": columns.seal("former_number", former),
        "former_until": ms_or_none(account.former_until),
        "password_mailed_at": ms_or_none(account.password_mailed_at),
        "password_link_id": account.password_link_id,
        "browsers_forgotten_at": ms_or_none(account.browsers_forgotten_at),
        "factors": ",".join(sorted(account.factors)),
        "suspended": ",".join(sorted(account.suspended)),
        "lost": ",".join(sorted(account.lost)),
        "disabled": ",".join(sorted(account.disabled)),
        "last_factor": account.last_factor.value if account.last_factor else None,
        "organisation_id": membership.organisation_id if membership else None,
        "organisation_since": ms(membership.since) if membership else None,
        "is_administrator": membership is not None and membership.is_administrator,
        "erased_at": None,
        "version": account.version,
    }


def from_row(row: Cells, columns: Columns) -> Account:
    """Read an account."""
    return Account(
        account_id=row["account_id"],
        email=columns.address("email", row["email"]),
        name=columns.text("name", row["name"]),
        locale=row["locale"],
        password_hash=row["password_hash"] or "",
        numbers=_numbers(row, columns),
        created_at=moment(row["created_at"]),
        changed_at=moment_or_none(row["changed_at"]),
        state=AccountState(row["state"]),
        frozen_at=moment_or_none(row["frozen_at"]),
        release_stopped_at=moment_or_none(row["release_stopped_at"]),
        password_mailed_at=moment_or_none(row["password_mailed_at"]),
        password_link_id=row["password_link_id"],
        browsers_forgotten_at=moment_or_none(row["browsers_forgotten_at"]),
        factors=_factors(row["factors"]),
        last_factor=Factor(row["last_factor"]) if row["last_factor"] else None,
        suspended=_factors(row["suspended"]),
        lost=_factors(row["lost"]),
        disabled=_factors(row["disabled"]),
        membership=_membership(row),
        version=row["version"],
    )


def _numbers(row: Cells, columns: Columns) -> NumberHistory:
    return NumberHistory(
        present=columns.number("number", row["number"]),
        is_unproven=bool(row["number_unproven"]),
        changed_at=moment_or_none(row["number_changed_at"]),
        former=columns.number("former_number", row["former_number"]),
        former_until=moment_or_none(row["former_until"]),
    )


def _membership(row: Cells) -> Membership | None:
    if row["organisation_id"] is None:
        return None
    return Membership(
        organisation_id=row["organisation_id"],
        since=moment(row["organisation_since"]),
        is_administrator=bool(row["is_administrator"]),
    )


def _factors(listed: str) -> frozenset[Factor]:
    return frozenset(Factor(factor) for factor in listed.split(",") if factor)


mapper = Mapper(Account, tables.account, "account_id", to_row=to_row, from_row=from_row)
