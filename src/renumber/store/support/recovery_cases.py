"""Recovery cases as rows."""

import json
from collections.abc import Sequence

from renumber.domain.support.case_evidence import CaseEvidence, EvidenceKind
from renumber.domain.support.recovery_case import CaseState, RecoveryCase
from renumber.store.records.mapper import Cells, Mapper, moment, ms
from renumber.store.schema import tables


def to_row(case: RecoveryCase) -> Cells:
    """Seal the evidence, whose references may name a person; `is_open` serves the index that allows one open case."""
    return {
        "account_id": case.account_id,
        "case_id": case.case_id,
        "number": case.number,
        "state": case.state.value,
        "is_open": case.is_open,
        "opened_by": case.opened_by,
        "opened_at": case.opened_at,
        "expires_at": case.expires_at,
        "evidence": _to_text(case.evidence) if case.evidence else None,
        "seen_by": " ".join(sorted(case.seen_by)),
        "handled_by": case.handled_by,
        "submitted_by": case.submitted_by,
        "submitted_at": case.submitted_at,
        "decided_by": case.decided_by,
        "decided_at": case.decided_at,
        "over_at": case.over_at,
        "tell_at": case.tell_at,
        "due_at": case.due_at,
        "closed_at": case.closed_at,
        "version": case.version,
    }


def from_row(row: Cells) -> RecoveryCase:
    """Read a case."""
    return RecoveryCase(
        account_id=row["account_id"],
        case_id=row["case_id"],
        number=row["number"],
        state=CaseState(row["state"]),
        opened_by=row["opened_by"],
        opened_at=row["opened_at"],
        expires_at=row["expires_at"],
        evidence=_from_text(row["evidence"] or "[]"),
        seen_by=frozenset(row["seen_by"].split()),
        handled_by=row["handled_by"],
        submitted_by=row["submitted_by"],
        submitted_at=row["submitted_at"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        over_at=row["over_at"],
        tell_at=row["tell_at"],
        closed_at=row["closed_at"],
        version=row["version"],
    )


def _to_text(evidence: Sequence[CaseEvidence]) -> str:
    return json.dumps([[each.kind, each.by, ms(each.at), each.reference] for each in evidence])


def _from_text(text: str) -> tuple[CaseEvidence, ...]:
    return tuple(
        CaseEvidence(kind=EvidenceKind(kind), by=by, at=moment(at), reference=reference)
        for kind, by, at, reference in json.loads(text)
    )


mapper = Mapper(RecoveryCase, tables.support.recovery_case, "case_id", to_row=to_row, from_row=from_row)
