"""Mark numbers that an operator entered, and of which nobody has shown possession."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("number_unproven", sa.Boolean, nullable=False, server_default=sa.text("FALSE")))
    op.execute(
        "UPDATE account SET number_unproven = TRUE WHERE number IS NOT NULL AND number_changed_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.account_id = account.account_id"
        " AND audit.act = 'signed_in' AND audit.evidence LIKE '%phone%')"
    )


def downgrade() -> None:
    op.drop_column("account", "number_unproven")
