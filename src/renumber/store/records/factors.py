"""The status of each factor as a row."""

from renumber.domain.factor import Factor, FactorStatus
from renumber.store.records.mapper import Cells, Columns, Mapper, moment_or_none, ms_or_none
from renumber.store.schema import tables


def to_row(status: FactorStatus, _columns: Columns) -> dict[str, object]:
    """Write a status: its count and times identify nobody."""
    return {
        "account_id": status.account_id,
        "factor": status.factor.value,
        "wrong_in_a_row": status.wrong_in_a_row,
        "suspended_at": ms_or_none(status.suspended_at),
        "last_used_at": ms_or_none(status.last_used_at),
        "lost_at": ms_or_none(status.lost_at),
        "guesses": status.guesses,
        "disabled_at": ms_or_none(status.disabled_at),
        "bound_at": ms_or_none(status.bound_at),
        "version": status.version,
    }


def from_row(row: Cells, _columns: Columns) -> FactorStatus:
    """Read the status of a factor."""
    return FactorStatus(
        account_id=row["account_id"],
        factor=Factor(row["factor"]),
        wrong_in_a_row=row["wrong_in_a_row"],
        suspended_at=moment_or_none(row["suspended_at"]),
        last_used_at=moment_or_none(row["last_used_at"]),
        lost_at=moment_or_none(row["lost_at"]),
        guesses=row["guesses"],
        disabled_at=moment_or_none(row["disabled_at"]),
        bound_at=moment_or_none(row["bound_at"]),
        version=row["version"],
    )


mapper = Mapper(FactorStatus, tables.factor_status, "factor", to_row=to_row, from_row=from_row, rows_are_apart=True)
