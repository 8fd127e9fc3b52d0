"""Checks of callers as rows: the newest of each account."""

from renumber.domain.factor import Factor
from renumber.domain.support.caller_check import CallerCheck, CheckState
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(check: CallerCheck, _columns: Columns) -> dict[str, object]:
    """Write a check, of which nothing identifies a person; its number can only be derived."""
    return {
        "account_id": check.account_id,
        "slot": check.slot,
        "check_id": check.check_id,
        "key_id": check.key_id,
        "number_key": check.number_key,
        "state": check.state.value,
        "asked_by": check.asked_by,
        "asked_at": ms(check.asked_at),
        "expires_at": ms(check.expires_at),
        "method": check.method.value if check.method else None,
        "sends": check.sends,
        "last_sent_at": ms_or_none(check.last_sent_at),
        "wrong": check.wrong,
        "settled_at": ms_or_none(check.settled_at),
        "is_new": check.is_new,
        "evidence_at": ms_or_none(check.evidence_at),
        "version": check.version,
    }


def from_row(row: Cells, _columns: Columns) -> CallerCheck:
    """Read a check."""
    return CallerCheck(
        account_id=row["account_id"],
        slot=row["slot"],
        check_id=row["check_id"],
        key_id=row["key_id"],
        number_key=bytes(row["number_key"]) if row["number_key"] else None,
        state=CheckState(row["state"]),
        asked_by=row["asked_by"],
        asked_at=moment(row["asked_at"]),
        expires_at=moment(row["expires_at"]),
        method=Factor(row["method"]) if row["method"] else None,
        sends=row["sends"],
        last_sent_at=moment_or_none(row["last_sent_at"]),
        wrong=row["wrong"],
        settled_at=moment_or_none(row["settled_at"]),
        is_new=bool(row["is_new"]),
        evidence_at=moment_or_none(row["evidence_at"]),
        version=row["version"],
    )


mapper = Mapper(CallerCheck, tables.support.caller_check, "slot", to_row=to_row, from_row=from_row)
