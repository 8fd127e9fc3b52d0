"""Release without a password, confirm devices, and remember what came before: a code, a notice, a journey, a burst.

Devices that are there already count as confirmed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = (
    ("account", "release_stopped_at", sa.BigInteger),
    ("sign_in", "link_id", sa.Text),
    ("device", "link_id", sa.Text),
    ("device", "session_id", sa.Text),
    ("device", "confirmed_at", sa.BigInteger),
    ("device", "expires_at", sa.BigInteger),
    ("device", "contested_at", sa.BigInteger),
    ("text_budget", "burst_ends_at", sa.BigInteger),
    ("challenge", "earlier_id", sa.Text),
    ("challenge", "earlier_until", sa.BigInteger),
    ("link", "notice", sa.Text),
    ("phone_change", "journey", sa.Text),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind))
    op.execute("UPDATE device SET confirmed_at = made_at")


def downgrade() -> None:
    op.execute("DELETE FROM device WHERE confirmed_at IS NULL")
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
