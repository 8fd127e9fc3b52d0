"""Recovery codes as rows: one sealed text holds the salt and a digest of each that is left."""

import json

from renumber.domain.recovery_codes import RecoveryCodes
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(codes: RecoveryCodes) -> Cells:
    """Seal the salt and the digests of the codes."""
    kept = {"salt": codes.salt.hex(), "digests": [digest.hex() for digest in codes.digests]}
    return {
        "account_id": codes.account_id,
        "slot": codes.slot,
        "digests": json.dumps(kept),
        "made_at": codes.made_at,
        "last_used_at": codes.last_used_at,
        "version": codes.version,
    }


def from_row(row: Cells) -> RecoveryCodes:
    """Read a set of recovery codes."""
    kept = json.loads(row["digests"])
    return RecoveryCodes(
        account_id=row["account_id"],
        salt=bytes.fromhex(kept["salt"]),
        digests=tuple(bytes.fromhex(digest) for digest in kept["digests"]),
        made_at=row["made_at"],
        last_used_at=row["last_used_at"],
        slot=row["slot"],
        version=row["version"],
    )


mapper = Mapper(RecoveryCodes, tables.recovery_codes, "slot", to_row=to_row, from_row=from_row)
