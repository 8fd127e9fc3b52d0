"""The schema. Every table is led by `account_id`, the unit of distribution, but for look-ups by keyed hash.

Times are epoch milliseconds in UTC, sealed columns AES-GCM ciphertexts, keys keyed hashes: plain types of both
databases, so that no bind or result processor is needed.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from renumber.store.database.guards import Guard
from renumber.store.schema.columns import id_column, metadata, version_column
from renumber.store.schema.factors import device, passkey, prompt, recovery_codes, server_key, totp_key
from renumber.store.schema.operations import (
    audit,
    audit_checkpoint,
    audit_mark,
    counter,
    key_rotation,
    lease,
    outbox,
    text_budget,
)

__all__ = [
    "account",
    "audit",
    "audit_checkpoint",
    "audit_mark",
    "challenge",
    "counter",
    "device",
    "email_lookup",
    "factor_status",
    "key_rotation",
    "lease",
    "link",
    "metadata",
    "outbox",
    "passkey",
    "phone_change",
    "prompt",
    "recovery_codes",
    "server_key",
    "session",
    "sign_in",
    "text_budget",
    "totp_key",
    "wait",
]

account = Table(
    "account",
    metadata,
    id_column(),
    Column("email", LargeBinary),
    Column("name", LargeBinary),
    Column("locale", Text, nullable=False),
    Column("password_hash", Text),
    Column("number", LargeBinary),
    Column("number_key", LargeBinary),
    Column("number_unproven", Boolean, nullable=False, server_default=text("FALSE")),
    Column("state", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("frozen_at", BigInteger),
    Column("number_changed_at", BigInteger),
    Column("former_number", LargeBinary),
    Column("former_until", BigInteger),
    Column("password_mailed_at", BigInteger),
    Column("password_link_id", Text),
    Column("browsers_forgotten_at", BigInteger),
    Column("factors", Text, nullable=False, server_default=text("''")),
    Column("last_factor", Text),
    Column("suspended", Text, nullable=False, server_default=text("''")),
    Column("lost", Text, nullable=False, server_default=text("''")),
    Column("erased_at", BigInteger),
    Column("audit_seq", BigInteger, nullable=False),
    Column("audit_hash", LargeBinary, nullable=False),
    Column("audit_mac", LargeBinary, nullable=False),
    version_column(),
    Index("account_number", "number_key"),
    Index(
        "account_former",
        "former_until",
        sqlite_where=text("former_until IS NOT NULL"),
        postgresql_where=text("former_until IS NOT NULL"),
    ),
)

email_lookup = Table("email_lookup", metadata, Column("email_key", LargeBinary, primary_key=True), id_column(key=False))

phone_change = Table(
    "phone_change",
    metadata,
    id_column(),
    id_column("change_id"),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("proof", Text),
    Column("old_number", LargeBinary),
    Column("requested_at", BigInteger, nullable=False),
    Column("link_generation", Integer, nullable=False),
    Column("link_sent_at", BigInteger),
    Column("link_expires_at", BigInteger),
    Column("new_number", LargeBinary),
    Column("reset_at", BigInteger),
    Column("reset_key", LargeBinary),
    Column("asked_key", LargeBinary),
    Column("closed_at", BigInteger),
    version_column(),
    Index(
        Guard.ONE_OPEN_CHANGE.index,
        "account_id",
        unique=True,
        sqlite_where=text("is_open"),
        postgresql_where=text("is_open"),
    ),
    Index("phone_change_due", "link_expires_at", sqlite_where=text("is_open"), postgresql_where=text("is_open")),
    Index(
        "phone_change_closed",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
)

wait = Table(
    "wait",
    metadata,
    id_column(),
    id_column("purpose"),
    Column("about", Text, nullable=False),
    Column("browser_key", LargeBinary, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("over_at", BigInteger, nullable=False),
    Column("usable_until", BigInteger, nullable=False),
    version_column(),
)

sign_in = Table(
    "sign_in",
    metadata,
    id_column(),
    id_column("sign_in_id"),
    Column("token_key", LargeBinary, nullable=False),
    Column("browser_key", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("change_id", Text),
    Column("started_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("from_known_browser", Boolean, nullable=False),
    Column("method", Text),
    Column("session_id", Text),
    version_column(),
    Index("sign_in_expiry", "expires_at"),
)

session = Table(
    "session",
    metadata,
    id_column(),
    id_column("session_id"),
    Column("token_key", LargeBinary, nullable=False),
    Column("browser_key", LargeBinary, nullable=False),
    Column("browser", LargeBinary, nullable=False),
    Column("ip", LargeBinary, nullable=False),
    Column("factor", Text),
    Column("factor_at", BigInteger),
    Column("authenticated_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    version_column(),
    Index("session_browser", "account_id", "browser_key"),
    Index("session_expiry", "expires_at"),
)

challenge = Table(
    "challenge",
    metadata,
    id_column(),
    id_column("slot"),
    Column("purpose", Text, nullable=False),
    Column("sign_in_id", Text, nullable=False),
    Column("challenge_id", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("destination", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("last_sent_at", BigInteger, nullable=False),
    Column("sends", Integer, nullable=False),
    Column("wrong_guesses", Integer, nullable=False),
    Column("state", Text, nullable=False),
    version_column(),
    Index("challenge_expiry", "expires_at"),
)

factor_status = Table(
    "authenticator",
    metadata,
    id_column(),
    id_column("factor"),
    Column("wrong_in_a_row", Integer, nullable=False),
    Column("suspended_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("lost_at", BigInteger),
    version_column(),
)

link = Table(
    "link",
    metadata,
    id_column(),
    id_column("link_id"),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("token_key", LargeBinary, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("channel", Text),
    Column("address_key", LargeBinary),
    version_column(),
    Index(Guard.LINK_TOKEN.index, "token_key", unique=True),
    Index("link_expiry", "expires_at"),
)
