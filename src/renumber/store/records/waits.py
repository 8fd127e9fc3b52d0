"""Waits as rows: one per account and purpose."""

from renumber.domain.wait import Wait, WaitPurpose
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(wait: Wait) -> Cells:
    """Write a wait, of which nothing identifies a person."""
    return {
        "account_id": wait.account_id,
        "purpose": wait.purpose.value,
        "about": wait.about,
        "browser_key": wait.browser_key,
        "started_at": wait.started_at,
        "over_at": wait.over_at,
        "usable_until": wait.usable_until,
        "version": wait.version,
    }


def from_row(row: Cells) -> Wait:
    """Read a wait."""
    return Wait(
        account_id=row["account_id"],
        purpose=WaitPurpose(row["purpose"]),
        about=row["about"],
        browser_key=bytes(row["browser_key"]),
        started_at=row["started_at"],
        over_at=row["over_at"],
        usable_until=row["usable_until"],
        version=row["version"],
    )


mapper = Mapper(Wait, tables.wait, "purpose", to_row=to_row, from_row=from_row)
