"""The part of the schema that keeps streams of security events, and what waits along them.

Streams are of no account: their rows are nobody's.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from renumber.store.schema.columns import Moment, Sealed, id_column, metadata, version_column

stream = Table(
    "stream",
    metadata,
    id_column(),
    id_column("stream_id"),
    Column("owner", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("requested", Text),
    Column("content", Sealed, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Sealed),
    Column("created_at", Moment, nullable=False),
    Column("verified_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claim", Text),
    Column("failing_since", Moment),
    Column("failure", Text),
    version_column(),
)

left_out = Table(
    "stream_left_out",
    metadata,
    id_column(),
    id_column("stream_id"),
    Column("since", Moment, nullable=False),
)

security_event = Table(
    "security_event",
    metadata,
    id_column(),
    id_column("set_id"),
    Column("stream_id", Text, nullable=False),
    Column("event_id", Text),
    Column("type", Text, nullable=False),
    Column("content", Sealed),
    Column("place", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("security_event_waiting", "stream_id", "place", "set_id"),
    Index("security_event_age", "created_at"),
)
