"""Customer relations: the roles of staff, and recovery cases."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    recovers = sa.Column("is_recovery", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("phone_change", recovers)
    op.create_table(
        "staff_member",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("role", sa.Text),
        sa.Column("given_at", sa.BigInteger),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("proposed", sa.Text),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "recovery_case",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("evidence", sa.LargeBinary),
        sa.Column("seen_by", sa.Text, nullable=False),
        sa.Column("handled_by", sa.Text, nullable=False),
        sa.Column("submitted_by", sa.Text, nullable=False),
        sa.Column("submitted_at", sa.BigInteger),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("over_at", sa.BigInteger),
        sa.Column("tell_at", sa.BigInteger),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )
    is_open = sa.text("is_open")
    op.create_index(
        "recovery_case_one_open",
        "recovery_case",
        ["account_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index("recovery_case_number", "recovery_case", ["number"], unique=True)
    op.create_index("recovery_case_due", "recovery_case", ["due_at"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("recovery_case_closed", "recovery_case", ["closed_at"])
    op.create_index(
        "recovery_case_queue",
        "recovery_case",
        ["opened_at", "case_id"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    op.drop_column("phone_change", "is_recovery")
    op.drop_table("recovery_case")
    op.drop_table("staff_member")
