"""The part of the schema for customer relations and companies: roles, identities, recovery cases, organisations."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from renumber.store.database.guards import Guard
from renumber.store.schema.columns import Moment, Sealed, id_column, metadata, version_column

staff_member = Table(
    "staff_member",
    metadata,
    id_column(),
    id_column("slot"),
    Column("role", Text),
    Column("given_at", Moment),
    Column("by", Text, nullable=False),
    Column("proposed", Text),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", Moment),
    Column("is_from_provider", Boolean, nullable=False, server_default=text("FALSE")),
    Column("blocked_at", Moment),
    version_column(),
)

staff_identity = Table(
    "staff_identity",
    metadata,
    id_column(),
    id_column("slot"),
    Column("identity_key", LargeBinary, nullable=False),
    Column("email_key", LargeBinary, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("signed_in_at", Moment, nullable=False),
    version_column(),
    Index(Guard.STAFF_IDENTITY.index, "identity_key", unique=True),
    Index(Guard.STAFF_ADDRESS.index, "email_key", unique=True),
)

recovery_case = Table(
    "recovery_case",
    metadata,
    id_column(),
    id_column("case_id"),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("evidence", Sealed),
    Column("seen_by", Text, nullable=False),
    Column("handled_by", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", Moment),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment),
    Column("over_at", Moment),
    Column("tell_at", Moment),
    Column("due_at", Moment),
    Column("closed_at", Moment),
    version_column(),
    Index(
        Guard.ONE_OPEN_CASE.index,
        "account_id",
        unique=True,
        sqlite_where=text("is_open"),
        postgresql_where=text("is_open"),
    ),
    Index(Guard.CASE_NUMBER.index, "number", unique=True),
    Index("recovery_case_due", "due_at", sqlite_where=text("is_open"), postgresql_where=text("is_open")),
    Index("recovery_case_closed", "closed_at"),
    Index(
        "recovery_case_queue", "opened_at", "case_id", sqlite_where=text("is_open"), postgresql_where=text("is_open")
    ),
)

# An organisation's id is that of an account that is nobody's, so that it has a lock and a history as all others.
organisation = Table(
    "organisation",
    metadata,
    id_column(),
    id_column("slot"),
    Column("name", Text, nullable=False),
    Column("changes_wait", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    version_column(),
    Index(Guard.ORGANISATION_NAME.index, "name", unique=True),
)

caller_check = Table(
    "caller_check",
    metadata,
    id_column(),
    id_column("slot"),
    Column("check_id", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("number_key", LargeBinary),
    Column("state", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("method", Text),
    Column("sends", Integer, nullable=False),
    Column("last_sent_at", Moment),
    Column("wrong", Integer, nullable=False),
    Column("settled_at", Moment),
    Column("is_new", Boolean, nullable=False),
    Column("evidence_at", Moment),
    version_column(),
    Index("caller_check_number", "number_key"),
    Index("caller_check_expiry", "expires_at"),
)
