"""Checks of callers as rows: the newest of each account."""

from renumber.domain.factor import Factor
from renumber.domain.support.caller_check import CallerCheck, CheckState
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(check: CallerCheck) -> Cells:
    """Write a check, of which nothing identifies a person; its number can only be derived."""
    return {
        "account_id": check.account_id,
        "slot": check.slot,
        "check_id": check.check_id,
        "key_id": check.key_id,
        "number_key": check.number_key,
        "state": check.state.value,
        "asked_by": check.asked_by,
        "asked_at": check.asked_at,
        "expires_at": check.expires_at,
        "method": check.method.value if check.method else None,
        "sends": check.sends,
        "last_sent_at": check.last_sent_at,
        "wrong": check.wrong,
        "settled_at": check.settled_at,
        "is_new": check.is_new,
        "evidence_at": check.evidence_at,
        "version": check.version,
    }


def from_row(row: Cells) -> CallerCheck:
    """Read a check."""
    return CallerCheck(
        account_id=row["account_id"],
        slot=row["slot"],
        check_id=row["check_id"],
        key_id=row["key_id"],
        number_key=bytes(row["number_key"]) if row["number_key"] else None,
        state=CheckState(row["state"]),
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        method=Factor(row["method"]) if row["method"] else None,
        sends=row["sends"],
        last_sent_at=row["last_sent_at"],
        wrong=row["wrong"],
        settled_at=row["settled_at"],
        is_new=bool(row["is_new"]),
        evidence_at=row["evidence_at"],
        version=row["version"],
    )


mapper = Mapper(CallerCheck, tables.support.caller_check, "slot", to_row=to_row, from_row=from_row)
