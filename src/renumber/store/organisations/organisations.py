"""Organisations as rows."""

from renumber.domain.organisations.organisation import Organisation
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(organisation: Organisation) -> Cells:
    """Write an organisation; its name is no person's, and is looked up when accounts are imported."""
    return {
        "account_id": organisation.account_id,
        "slot": organisation.slot,
        "name": organisation.name,
        "changes_wait": organisation.changes_wait,
        "created_at": organisation.created_at,
        "version": organisation.version,
    }


def from_row(row: Cells) -> Organisation:
    """Read an organisation."""
    return Organisation(
        account_id=row["account_id"],
        name=row["name"],
        changes_wait=bool(row["changes_wait"]),
        created_at=row["created_at"],
        version=row["version"],
    )


mapper = Mapper(Organisation, tables.support.organisation, "slot", to_row=to_row, from_row=from_row)
