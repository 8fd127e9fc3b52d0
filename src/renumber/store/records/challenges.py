"""One-time codes in flight as rows: one per sign-in and purpose, and never the code itself."""

from renumber.domain.challenge import Challenge, CodePurpose, CodeState
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(challenge: Challenge) -> Cells:
    """Seal the destination; the code can only be derived."""
    return {
        "account_id": challenge.account_id,
        "slot": challenge.slot,
        "purpose": challenge.purpose.value,
        "sign_in_id": challenge.sign_in_id,
        "challenge_id": challenge.challenge_id,
        "about": challenge.about,
        "destination": challenge.destination,
        "key_id": challenge.key_id,
        "issued_at": challenge.issued_at,
        "expires_at": challenge.expires_at,
        "last_sent_at": challenge.last_sent_at,
        "sends": challenge.sends,
        "wrong_guesses": challenge.wrong_guesses,
        "state": challenge.state.value,
        "earlier_id": challenge.earlier_id,
        "earlier_until": challenge.earlier_until,
        "version": challenge.version,
    }


def from_row(row: Cells) -> Challenge:
    """Read a challenge."""
    return Challenge(
        account_id=row["account_id"],
        purpose=CodePurpose(row["purpose"]),
        sign_in_id=row["sign_in_id"],
        challenge_id=row["challenge_id"],
        about=row["about"],
        destination=row["destination"],
        key_id=row["key_id"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        last_sent_at=row["last_sent_at"],
        sends=row["sends"],
        wrong_guesses=row["wrong_guesses"],
        state=CodeState(row["state"]),
        earlier_id=row["earlier_id"],
        earlier_until=row["earlier_until"],
        version=row["version"],
    )


mapper = Mapper(Challenge, tables.challenge, "slot", to_row=to_row, from_row=from_row)
