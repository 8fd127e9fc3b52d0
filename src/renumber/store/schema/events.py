"""The part of the schema that tells others: events, their order, and their way to each webhook."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, text

from renumber.store.database.guards import Guard
from renumber.store.schema.columns import Moment, Sealed, id_column, metadata

event = Table(
    "event",
    metadata,
    id_column(),
    id_column("event_id"),
    Column("type", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("data", Text, nullable=False),
    Column("numbers", Sealed),
    Column("position", BigInteger),
    Index(
        "event_unpublished",
        "at",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
    Index(
        Guard.EVENT_POSITION.index,
        "position",
        unique=True,
        sqlite_where=text("position IS NOT NULL"),
        postgresql_where=text("position IS NOT NULL"),
    ),
    Index("event_age", "at"),
)

event_position = Table(
    "event_position",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    id_column(),
    id_column("delivery_id"),
    Column("event_id", Text, nullable=False),
    Column("webhook_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("claim", Text),
    Column("settled_at", Moment),
    Column("outcome", Text),
    Index(
        "webhook_delivery_due",
        "webhook_id",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("webhook_delivery_newest", "created_at", "delivery_id"),
)

webhook_switch = Table(
    "webhook_switch",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    Column("off_since", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)
