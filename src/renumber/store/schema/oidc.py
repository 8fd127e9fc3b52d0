"""The part of the schema that applications sign people in by: requests, grants, tokens and consents."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text

from renumber.store.schema.columns import Moment, Sealed, id_column, metadata, version_column

# Of nobody's account yet: a person is only on the way.
authorization_request = Table(
    "authorization_request",
    metadata,
    id_column(),
    id_column("request_id"),
    Column("content", Sealed, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("authorization_request_expiry", "expires_at"),
)

oauth_grant = Table(
    "oauth_grant",
    metadata,
    id_column(),
    id_column("grant_id"),
    Column("client_id", Text, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("is_offline", Boolean, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("challenge", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("id_token_claims", Text, nullable=False),
    Column("userinfo_claims", Text, nullable=False),
    Column("acr", Text, nullable=False),
    Column("amr", Text, nullable=False),
    Column("authenticated_at", Moment, nullable=False),
    Column("code_key", LargeBinary, nullable=False),
    Column("code_expires_at", Moment, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("jkt", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    version_column(),
    Index("oauth_grant_expiry", "expires_at"),
)

access_token = Table(
    "access_token",
    metadata,
    id_column(),
    id_column("token_id"),
    Column("grant_id", Text, nullable=False),
    Column("token_key", LargeBinary, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("jkt", Text, nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
    version_column(),
    Index("access_token_expiry", "expires_at"),
)

consent = Table(
    "consent",
    metadata,
    id_column(),
    id_column("client_id"),
    Column("scopes", Text, nullable=False),
    Column("given_at", Moment, nullable=False),
    version_column(),
)

# For each application that has yet to hear of a session's end: ids and times, which outlast an erasure by minutes.
backchannel_logout = Table(
    "backchannel_logout",
    metadata,
    id_column(),
    id_column("session_id"),
    id_column("client_id"),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claim", Text),
    Index("backchannel_logout_due", "client_id", "due_at"),
    Index("backchannel_logout_age", "due_at"),
)
