"""Keys of authenticator apps as rows."""

from renumber.domain.totp import Slot, TotpKey
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(key: TotpKey) -> Cells:
    """Seal the key, which is empty once it was removed."""
    return {
        "account_id": key.account_id,
        "slot": key.slot.value,
        "key": key.key.hex(),
        "made_at": key.made_at,
        "last_step": key.last_step,
        "last_used_at": key.last_used_at,
        "removed_at": key.removed_at,
        "version": key.version,
    }


def from_row(row: Cells) -> TotpKey:
    """Read a TOTP key."""
    return TotpKey(
        account_id=row["account_id"],
        slot=Slot(row["slot"]),
        key=bytes.fromhex(row["key"] or ""),
        made_at=row["made_at"],
        last_step=row["last_step"],
        last_used_at=row["last_used_at"],
        removed_at=row["removed_at"],
        version=row["version"],
    )


mapper = Mapper(TotpKey, tables.totp_key, "slot", to_row=to_row, from_row=from_row)
