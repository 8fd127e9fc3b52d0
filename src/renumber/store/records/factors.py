"""The status of each factor as a row."""

from renumber.domain.factor import Factor, FactorStatus
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(status: FactorStatus) -> Cells:
    """Write a status: its count and times identify nobody."""
    return {
        "account_id": status.account_id,
        "factor": status.factor.value,
        "wrong_in_a_row": status.wrong_in_a_row,
        "suspended_at": status.suspended_at,
        "last_used_at": status.last_used_at,
        "lost_at": status.lost_at,
        "guesses": status.guesses,
        "disabled_at": status.disabled_at,
        "bound_at": status.bound_at,
        "version": status.version,
    }


def from_row(row: Cells) -> FactorStatus:
    """Read the status of a factor."""
    return FactorStatus(
        account_id=row["account_id"],
        factor=Factor(row["factor"]),
        wrong_in_a_row=row["wrong_in_a_row"],
        suspended_at=row["suspended_at"],
        last_used_at=row["last_used_at"],
        lost_at=row["lost_at"],
        guesses=row["guesses"],
        disabled_at=row["disabled_at"],
        bound_at=row["bound_at"],
        version=row["version"],
    )


mapper = Mapper(FactorStatus, tables.factor_status, "factor", to_row=to_row, from_row=from_row, rows_are_apart=True)
