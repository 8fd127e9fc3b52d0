"""Devices wait until the session that shows their QR code confirms them; those that are there count as confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TEXTS, TIMES = ("link_id", "session_id"), ("confirmed_at", "expires_at", "contested_at")


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("device", sa.Column(name, sa.Text))
    for name in TIMES:
        op.add_column("device", sa.Column(name, sa.BigInteger))
    op.execute("UPDATE device SET confirmed_at = made_at")


def downgrade() -> None:
    op.execute("DELETE FROM device WHERE confirmed_at IS NULL")
    for name in (*TIMES, *TEXTS):
        op.drop_column("device", name)
