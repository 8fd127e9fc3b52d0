"""Checks of callers, and what a prompt is for."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    purpose = sa.Column("purpose", sa.Text, nullable=False, server_default=sa.text("'sign_in'"))
    op.add_column("prompt", purpose)
    op.create_table(
        "caller_check",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("check_id", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("number_key", sa.LargeBinary),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("method", sa.Text),
        sa.Column("sends", sa.Integer, nullable=False),
        sa.Column("last_sent_at", sa.BigInteger),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("is_new", sa.Boolean, nullable=False),
        sa.Column("evidence_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("caller_check_number", "caller_check", ["number_key"])
    op.create_index("caller_check_expiry", "caller_check", ["expires_at"])


def downgrade() -> None:
    op.drop_table("caller_check")
    op.drop_column("prompt", "purpose")
