"""Recovery codes as rows: one sealed text holds the salt and a digest of each that is left."""

import json

from renumber.domain.recovery_codes import RecoveryCodes
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(codes: RecoveryCodes, columns: Columns) -> dict[str, object]:
    """Seal the salt and the digests of the codes."""
    kept = {"salt": codes.salt.hex(), "digests": [digest.hex() for digest in codes.digests]}
    return {
        "account_id": codes.account_id,
        "slot": codes.slot,
        "digests": columns.seal("digests", json.dumps(kept)),
        "made_at": ms(codes.made_at),
        "last_used_at": ms_or_none(codes.last_used_at),
        "version": codes.version,
    }


def from_row(row: Cells, columns: Columns) -> RecoveryCodes:
    """Read a set of recovery codes."""
    kept = json.loads(columns.text("digests", row["digests"]))
    return RecoveryCodes(
        account_id=row["account_id"],
        salt=bytes.fromhex(kept["salt"]),
        digests=tuple(bytes.fromhex(digest) for digest in kept["digests"]),
        made_at=moment(row["made_at"]),
        last_used_at=moment_or_none(row["last_used_at"]),
        slot=row["slot"],
        version=row["version"],
    )


mapper = Mapper(RecoveryCodes, tables.recovery_codes, "slot", to_row=to_row, from_row=from_row)
