"""The roles of staff as rows: one per account."""

from renumber.domain.support.staff import Role, StaffMember
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(member: StaffMember) -> Cells:
    """Write a role; accounts are named by their ids alone."""
    return {
        "account_id": member.account_id,
        "slot": member.slot,
        "role": member.role.value if member.role else None,
        "given_at": member.given_at,
        "by": member.by,
        "proposed": member.proposed.value if member.proposed else None,
        "proposed_by": member.proposed_by,
        "proposed_at": member.proposed_at,
        "is_from_provider": member.is_from_provider,
        "blocked_at": member.blocked_at,
        "version": member.version,
    }


def from_row(row: Cells) -> StaffMember:
    """Read a role."""
    return StaffMember(
        account_id=row["account_id"],
        role=Role(row["role"]) if row["role"] else None,
        given_at=row["given_at"],
        by=row["by"],
        proposed=Role(row["proposed"]) if row["proposed"] else None,
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        is_from_provider=bool(row["is_from_provider"]),
        blocked_at=row["blocked_at"],
        version=row["version"],
    )


mapper = Mapper(StaffMember, tables.support.staff_member, "slot", to_row=to_row, from_row=from_row)
