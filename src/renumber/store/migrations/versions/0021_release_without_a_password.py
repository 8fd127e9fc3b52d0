"""Release a frozen account without its password, and keep a freeze at the time at which it began."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("release_stopped_at", sa.BigInteger))
    op.add_column("sign_in", sa.Column("link_id", sa.Text))


def downgrade() -> None:
    op.drop_column("sign_in", "link_id")
    op.drop_column("account", "release_stopped_at")
