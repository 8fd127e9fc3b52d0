"""Keys of authenticator apps as rows."""

from renumber.domain.totp import Slot, TotpKey
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(key: TotpKey, columns: Columns) -> dict[str, object]:
    """Seal the key, which is empty once it was removed."""
    return {
        "account_id": key.account_id,
        "slot": key.slot.value,
        "key": columns.seal("key", key.key.hex()),
        "made_at": ms(key.made_at),
        "last_step": key.last_step,
        "last_used_at": ms_or_none(key.last_used_at),
        "removed_at": ms_or_none(key.removed_at),
        "version": key.version,
    }


def from_row(row: Cells, columns: Columns) -> TotpKey:
    """Read a TOTP key."""
    return TotpKey(
        account_id=row["account_id"],
        slot=Slot(row["slot"]),
        key=bytes.fromhex(columns.text("key", row["key"])),
        made_at=moment(row["made_at"]),
        last_step=row["last_step"],
        last_used_at=moment_or_none(row["last_used_at"]),
        removed_at=moment_or_none(row["removed_at"]),
        version=row["version"],
    )


mapper = Mapper(TotpKey, tables.totp_key, "slot", to_row=to_row, from_row=from_row)
