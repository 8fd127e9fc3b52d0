"""The plain columns that the standing of an account rests on: one query, in which nothing is unsealed."""

from sqlalchemy import and_, bindparam, select

from renumber.domain.account import AccountState
from renumber.domain.phone_change import ChangeState
from renumber.flows.ports.reads import StandingFacts
from renumber.store.database.open import Row, Statement
from renumber.store.records.mapper import moment_or_none
from renumber.store.schema.tables import account, phone_change

_open_change = and_(phone_change.c.account_id == account.c.account_id, phone_change.c.is_open)
STANDING = Statement(
    select(
        account.c.state.label("account_state"),
        account.c.changed_at,
        account.c.number_changed_at,
        phone_change.c.state.label("change_state"),
        phone_change.c.link_expires_at,
        phone_change.c.reset_at,
    )
    .select_from(account.outerjoin(phone_change, _open_change))
    .where(account.c.account_id == bindparam("account_id"), account.c.email.is_not(None))  # neither erased nor nobody's
)


def standing_from(row: Row) -> StandingFacts:
    """Read what the standing rests on."""
    return StandingFacts(
        is_frozen=row["account_state"] == AccountState.FROZEN.value,
        changed_at=moment_or_none(row["changed_at"]),
        number_changed_at=moment_or_none(row["number_changed_at"]),
        change=ChangeState(row["change_state"]) if row["change_state"] else None,
        link_expires_at=moment_or_none(row["link_expires_at"]),
        reset_at=moment_or_none(row["reset_at"]),
    )
