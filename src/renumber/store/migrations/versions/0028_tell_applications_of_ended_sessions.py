"""Ended sessions that applications have yet to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "backchannel_logout",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("session_id", sa.Text, primary_key=True),
        sa.Column("client_id", sa.Text, primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claim", sa.Text),
    )
    op.create_index("backchannel_logout_due", "backchannel_logout", ["client_id", "due_at"])


def downgrade() -> None:
    op.drop_table("backchannel_logout")
