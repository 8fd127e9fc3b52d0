"""Checkpoints count accounts and rows; those that were signed before have no counts, and go on verifying."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_checkpoint", sa.Column("accounts", sa.BigInteger()))
    op.add_column("audit_checkpoint", sa.Column("rows_written", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("audit_checkpoint", "rows_written")
    op.drop_column("audit_checkpoint", "accounts")
