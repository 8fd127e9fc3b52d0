"""Phone changes as rows."""

import json
from typing import Any

from sqlalchemy import bindparam, select

from renumber.domain.applications.journey import read_journey
from renumber.domain.factor import Factor
from renumber.domain.organisations.company_wait import CompanyWait
from renumber.domain.phone_change import ChangeState, PhoneChange
from renumber.domain.phone_number import PhoneNumber
from renumber.domain.session import Proof
from renumber.store.database.open import Statement
from renumber.store.records.mapper import Cells, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(change: PhoneChange) -> Cells:
    """Seal both numbers; `is_open` serves the index that allows one open change per account."""
    old = change.old_number.e164 if change.old_number else None
    new = change.new_number.e164 if change.new_number else None
    return {
        "account_id": change.account_id,
        "change_id": change.change_id,
        "state": change.state.value,
        "is_open": change.is_open,
        "proof": _proof_to_text(change.proof) if change.proof else None,
        "old_number": old,
        "requested_at": change.requested_at,
        "link_generation": change.link_generation,
        "link_sent_at": change.link_sent_at,
        "link_expires_at": change.link_expires_at,
        "new_number": new,
        "reset_at": change.reset_at,
        "reset_key": change.reset_key,
        "asked_key": change.asked_key,
        "closed_at": change.closed_at,
        "journey": change.journey.text if change.journey else None,
        "is_recovery": change.is_recovery,
        "organisation_id": change.organisation_id,
        **_wait_to_row(change),
        "version": change.version,
    }


def from_row(row: Cells) -> PhoneChange:
    """Read a change."""
    return PhoneChange(
        account_id=row["account_id"],
        change_id=row["change_id"],
        state=ChangeState(row["state"]),
        proof=_proof_from(json.loads(row["proof"])) if row["proof"] else None,
        old_number=PhoneNumber(row["old_number"]) if row["old_number"] else None,
        requested_at=row["requested_at"],
        link_generation=row["link_generation"],
        link_sent_at=row["link_sent_at"],
        link_expires_at=row["link_expires_at"],
        new_number=PhoneNumber(row["new_number"]) if row["new_number"] else None,
        reset_at=row["reset_at"],
        reset_key=row["reset_key"],
        asked_key=row["asked_key"],
        closed_at=row["closed_at"],
        journey=read_journey(row["journey"]) if row["journey"] else None,
        is_recovery=bool(row["is_recovery"]),
        organisation_id=row["organisation_id"],
        company=_wait_from(row),
        version=row["version"],
    )


def _wait_to_row(change: PhoneChange) -> Cells:
    """The wait for the company; `company_due_at` serves the index of what is due while it waits."""
    wait = change.company
    is_waiting = change.state is ChangeState.AWAITING_COMPANY
    return {
        "company_until": wait.until if wait else None,
        "company_goes_on": wait is not None and wait.goes_on,
        "company_tell_at": wait.tell_at if wait else None,
        "company_due_at": wait.due_at if wait and is_waiting else None,
        "company_answered_by": wait.answered_by or None if wait else None,
        "company_answered_at": wait.answered_at if wait else None,
    }


def _wait_from(row: Cells) -> CompanyWait | None:
    if row["company_until"] is None:
        return None
    return CompanyWait(
        until=row["company_until"],
        goes_on=bool(row["company_goes_on"]),
        tell_at=row["company_tell_at"],
        answered_by=row["company_answered_by"] or "",
        answered_at=row["company_answered_at"],
    )


def _proof_to_text(proof: Proof) -> str:
    factor_at, authenticated_at = ms_or_none(proof.factor_at), ms(proof.authenticated_at)
    return json.dumps([proof.session_id, proof.factor, factor_at, authenticated_at])


def _proof_from(parts: list[Any]) -> Proof:
    session_id, factor, factor_at, authenticated_at = parts
    return Proof(
        session_id=session_id,
        factor=Factor(factor) if factor else None,
        factor_at=moment_or_none(factor_at),
        authenticated_at=moment(authenticated_at),
    )


LOAD_OPEN = Statement(
    select(tables.phone_change).where(
        tables.phone_change.c.account_id == bindparam("account_id"), tables.phone_change.c.is_open
    )
)
mapper = Mapper(PhoneChange, tables.phone_change, "change_id", to_row=to_row, from_row=from_row)
