"""Streams of security events, the accounts that they leave out, and what waits along them."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
    op.create_index("security_event_waiting", "security_event", ["stream_id", "place", "set_id"])
    op.create_index("security_event_age", "security_event", ["created_at"])


def downgrade() -> None:
    op.drop_table("security_event")
    op.drop_table("stream_left_out")
    op.drop_table("stream")
