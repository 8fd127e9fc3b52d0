"""Authenticators as rows."""

from renumber.domain.factor import Factor, FactorStatus
from renumber.store.records.mapper import Cells, Columns, Mapper, moment_or_none, ms_or_none
from renumber.store.schema import tables


def to_row(authenticator: FactorStatus, _columns: Columns) -> dict[str, object]:
    """Counts and times only."""
    return {
        "account_id": authenticator.account_id,
        "factor": authenticator.factor.value,
        "wrong_in_a_row": authenticator.wrong_in_a_row,
        "suspended_at": ms_or_none(authenticator.suspended_at),
        "last_used_at": ms_or_none(authenticator.last_used_at),
        "lost_at": ms_or_none(authenticator.lost_at),
        "version": authenticator.version,
    }


def from_row(row: Cells, _columns: Columns) -> FactorStatus:
    """Read an authenticator."""
    return FactorStatus(
        account_id=row["account_id"],
        factor=Factor(row["factor"]),
        wrong_in_a_row=row["wrong_in_a_row"],
        suspended_at=moment_or_none(row["suspended_at"]),
        last_used_at=moment_or_none(row["last_used_at"]),
        lost_at=moment_or_none(row["lost_at"]),
        version=row["version"],
    )


mapper = Mapper(FactorStatus, tables.authenticator, "factor", to_row=to_row, from_row=from_row)
