"""The part of the schema that keeps the service's own records: messages, history, counters, leases, rotations."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, text

from renumber.store.schema.columns import Moment, Sealed, id_column, metadata, only_where

counter = Table(
    "counter",
    metadata,
    Column("counter_key", LargeBinary, primary_key=True),
    Column("times", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("counter_expiry", "expires_at"),
)

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    id_column("message_id"),
    Column("channel", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("content", Sealed),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("due_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("provider", Integer, nullable=False),
    Column("claim", Text),
    Column("claimed_until", Moment),
    Column("settled_at", Moment),
    Column("outcome", Text),
    Index(
        "outbox_due",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "outbox_settled",
        "settled_at",
        sqlite_where=text("settled_at IS NOT NULL"),
        postgresql_where=text("settled_at IS NOT NULL"),
    ),
    Index(
        "outbox_dead",
        "settled_at",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
)

kept_answer = Table(
    "kept_answer",
    metadata,
    id_column(),
    id_column("request_id"),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("content", Sealed),
    Column("began_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("kept_answer_expiry", "expires_at"),
)

text_budget = Table(
    "text_budget",
    metadata,
    id_column(),
    Column("number_key", LargeBinary, primary_key=True),
    Column("times", Text, nullable=False),
    Column("joined", Integer, nullable=False),
    Column("joined_at", Moment),
    Column("joined_id", Text, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("burst_ends_at", Moment),
    Index("text_budget_end", "ends_at"),
)

audit = Table(
    "audit",
    metadata,
    id_column(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("origin", Sealed),
    Column("origin_digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_recent", "at"),
    Index("audit_act", "act", "at"),
    Index("audit_actor", "actor", "at", **only_where("actor != 'owner' AND actor != 'visitor'")),
    Index("audit_staff", "evidence", "at", **only_where("actor = 'agent'")),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("chains", BigInteger, nullable=False),
    Column("accounts", BigInteger),
    Column("rows_written", BigInteger),
    Column("carried", BigInteger),  # the number of the last checkpoint whose marks are carried on here or before
    Column("digest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

audit_mark = Table(
    "audit_mark",
    metadata,
    id_column(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_mark_checkpoint", "number", "account_id"),
)

audit_start = Table(
    "audit_start",
    metadata,
    id_column(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("task", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Moment, nullable=False),
)

key_rotation = Table(
    "key_rotation",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("done_up_to", Text, nullable=False),
    Column("finished_at", Moment),
)
