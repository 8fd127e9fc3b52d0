"""Passkeys as rows. A credential's id is no secret, so its hash needs no key: a rotation leaves it alone."""

from hashlib import sha256

from renumber.domain.passkey import Passkey
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def credential_key(credential_id: bytes) -> bytes:
    """Hash the id of a credential (up to 1023 bytes) to the key by which it is found."""
    return sha256(credential_id).digest()


def to_row(passkey: Passkey) -> Cells:
    """Seal the name that its owner gave it."""
    return {
        "account_id": passkey.account_id,
        "passkey_id": passkey.passkey_id,
        "credential_key": credential_key(passkey.credential_id),
        "credential_id": passkey.credential_id,
        "public_key": passkey.public_key,
        "sign_count": passkey.sign_count,
        "transports": " ".join(passkey.transports),
        "is_backup_eligible": passkey.is_backup_eligible,
        "is_backed_up": passkey.is_backed_up,
        "name": passkey.name,
        "made_at": passkey.made_at,
        "last_used_at": passkey.last_used_at,
        "removed_at": passkey.removed_at,
        "version": passkey.version,
    }


def from_row(row: Cells) -> Passkey:
    """Read a passkey."""
    return Passkey(
        account_id=row["account_id"],
        passkey_id=row["passkey_id"],
        credential_id=bytes(row["credential_id"]),
        public_key=bytes(row["public_key"]),
        sign_count=row["sign_count"],
        transports=tuple(row["transports"].split()),
        is_backup_eligible=bool(row["is_backup_eligible"]),
        is_backed_up=bool(row["is_backed_up"]),
        name=row["name"] or "",
        made_at=row["made_at"],
        last_used_at=row["last_used_at"],
        removed_at=row["removed_at"],
        version=row["version"],
    )


mapper = Mapper(Passkey, tables.passkey, "passkey_id", to_row=to_row, from_row=from_row)
