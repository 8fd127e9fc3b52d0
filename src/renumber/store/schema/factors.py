"""The part of the schema that keeps the second factors besides the number."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from renumber.store.database.guards import Guard
from renumber.store.schema.columns import id_column, metadata, only_where, version_column

factor_status = Table(
    "authenticator",
    metadata,
    id_column(),
    id_column("factor"),
    Column("wrong_in_a_row", Integer, nullable=False),
    Column("suspended_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("lost_at", BigInteger),
    Column("bound_at", BigInteger),
    Column("guesses", Integer, nullable=False, server_default=text("0")),
    Column("disabled_at", BigInteger),
    version_column(),
)

totp_key = Table(
    "app_key",
    metadata,
    id_column(),
    id_column("slot"),
    Column("key", LargeBinary),
    Column("made_at", BigInteger, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    Column("removed_at", BigInteger),
    version_column(),
    Index("app_key_removed", "removed_at", **only_where("removed_at IS NOT NULL")),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    id_column(),
    id_column("slot"),
    Column("digests", LargeBinary),
    Column("made_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
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
    Column("name", LargeBinary),
    Column("made_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    Column("removed_at", BigInteger),
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
    Column("name", LargeBinary),
    Column("subscription", LargeBinary),
    Column("made_at", BigInteger, nullable=False),
    Column("link_id", Text),
    Column("session_id", Text),
    Column("expires_at", BigInteger),
    Column("contested_at", BigInteger),
    Column("confirmed_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("removed_at", BigInteger),
    version_column(),
    Index("device_removed", "removed_at", **only_where("removed_at IS NOT NULL")),
    Index("device_expiry", "expires_at", **only_where("expires_at IS NOT NULL")),
)

server_key = Table(
    "server_key",
    metadata,
    id_column(),
    id_column("name"),
    Column("secret", LargeBinary, nullable=False),
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
    Column("browser", LargeBinary),
    Column("ip", LargeBinary),
    Column("asked_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("wrong_digits", Integer, nullable=False),
    Column("answered_at", BigInteger),
    Column("device_id", Text),
    version_column(),
    Index("prompt_expiry", "expires_at"),
)
