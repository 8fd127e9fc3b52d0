"""Checkpoints say up to which older one the marks are carried on."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_checkpoint", sa.Column("carried", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("audit_checkpoint", "carried")
