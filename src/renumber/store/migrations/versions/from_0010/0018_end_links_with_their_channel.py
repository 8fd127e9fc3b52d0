"""The channel and the address that a link went to, and the time before which no browser is known."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("channel", sa.Text))
    op.add_column("link", sa.Column("address_key", sa.LargeBinary))
    op.add_column("account", sa.Column("browsers_forgotten_at", sa.BigInteger))
    op.execute("UPDATE account SET browsers_forgotten_at = frozen_at")


def downgrade() -> None:
    op.drop_column("account", "browsers_forgotten_at")
    op.drop_column("link", "address_key")
    op.drop_column("link", "channel")
