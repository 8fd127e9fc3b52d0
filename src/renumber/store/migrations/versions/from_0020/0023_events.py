"""Events that others hear of, their order, and their way to each webhook and along each stream."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("numbers", sa.LargeBinary),
        sa.Column("position", sa.BigInteger),
    )
    _index("event_unpublished", "event", ["at"], where="position IS NULL")
    _index("event_published", "event", ["position"], where="position IS NOT NULL", unique=True)
    _index("event_age", "event", ["at"])
    op.create_table(
        "event_position",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("delivery_id", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("webhook_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claim", sa.Text),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("outcome", sa.Text),
    )
    _index("webhook_delivery_due", "webhook_delivery", ["webhook_id", "due_at"], where="state = 'waiting'")
    _index("webhook_delivery_newest", "webhook_delivery", ["created_at", "delivery_id"])
    op.create_table(
        "webhook_switch",
        sa.Column("webhook_id", sa.Text, primary_key=True),
        sa.Column("off_since", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _streams()


def _streams() -> None:
    op.create_table(
        "stream",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("stream_id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("requested", sa.Text),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("verified_at", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claim", sa.Text),
        sa.Column("failing_since", sa.BigInteger),
        sa.Column("failure", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "stream_left_out",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("stream_id", sa.Text, primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "security_event",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("set_id", sa.Text, primary_key=True),
        sa.Column("stream_id", sa.Text, nullable=False),
        sa.Column("event_id", sa.Text),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
    _index("security_event_waiting", "security_event", ["stream_id", "place", "set_id"])
    _index("security_event_age", "security_event", ["created_at"])


def _index(name: str, table: str, columns: list[str], *, where: str = "", unique: bool = False) -> None:
    part = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=part, postgresql_where=part)


def downgrade() -> None:
    for table in (
        "security_event",
        "stream_left_out",
        "stream",
        "webhook_switch",
        "webhook_delivery",
        "event_position",
        "event",
    ):
        op.drop_table(table)
