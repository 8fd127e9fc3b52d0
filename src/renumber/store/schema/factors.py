"""The part of the schema that keeps the second factors besides the number."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from renumber.store.database.guards import Guard
from renumber.store.schema.columns import Moment, Sealed, id_column, metadata, only_where, version_column

factor_status = Table(
    "authenticator",
    metadata,
    id_column(),
    id_column("factor"),
    Column("wrong_in_a_row", Integer, nullable=False),
    Column("suspended_at", Moment),
    Column("last_used_at", Moment),
    Column("lost_at", Moment),
    Column("bound_at", Moment),
    Column("guesses", Integer, nullable=False, server_default=text("0")),
    Column("disabled_at", Moment),
    version_column(),
)

totp_key = Table(
    "app_key",
    metadata,
    id_column(),
    id_column("slot"),
    Column("key", Sealed),
    Column("made_at", Moment, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("last_used_at", Moment),
    Column("removed_at", Moment),
    version_column(),
    Index("app_key_removed", "removed_at", **only_where("removed_at IS NOT NULL")),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    id_column(),
    id_column("slot"),
    Column("digests", Sealed),
    Column("made_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    version_column(),
)

passkey = Table(
    "passkey",
    metadata,
    id_column(),
    id_column("passkey_id"),
    Column("credential_key", LargeBinary, nullable=False),
    Column("credential_id", LargeBinary),
    Column("public_key", LargeBinary),
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Text, nullable=False),
    Column("is_backup_eligible", Boolean, nullable=False),
    Column("is_backed_up", Boolean, nullable=False),
    Column("name", Sealed),
    Column("made_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("removed_at", Moment),
    version_column(),
    Index(
        Guard.PASSKEY_CREDENTIAL.index,
        "credential_key",
        unique=True,
        sqlite_where=text("removed_at IS NULL"),
        postgresql_where=text("removed_at IS NULL"),
    ),
    Index("passkey_removed", "removed_at", **only_where("removed_at IS NOT NULL")),
)

device = Table(
    "device",
    metadata,
    id_column(),
    id_column("device_id"),
    Column("public_key", LargeBinary),
    Column("name", Sealed),
    Column("subscription", Sealed),
    Column("made_at", Moment, nullable=False),
    Column("link_id", Text),
    Column("session_id", Text),
    Column("expires_at", Moment),
    Column("contested_at", Moment),
    Column("confirmed_at", Moment),
    Column("last_used_at", Moment),
    Column("removed_at", Moment),
    version_column(),
    Index("device_removed", "removed_at", **only_where("removed_at IS NOT NULL")),
    Index("device_expiry", "expires_at", **only_where("expires_at IS NOT NULL")),
)

server_key = Table(
    "server_key",
    metadata,
    id_column(),
    id_column("name"),
    Column("secret", Sealed, nullable=False),
)

prompt = Table(
    "prompt",
    metadata,
    id_column(),
    id_column("prompt_id"),
    Column("sign_in_id", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default=text("'sign_in'")),
    Column("state", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("browser", Sealed),
    Column("ip", Sealed),
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("wrong_digits", Integer, nullable=False),
    Column("answered_at", Moment),
    Column("device_id", Text),
    version_column(),
    Index("prompt_expiry", "expires_at"),
)
