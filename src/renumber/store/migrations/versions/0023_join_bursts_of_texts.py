"""Remember until when notices that come in bursts are joined into one text."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("text_budget", sa.Column("burst_ends_at", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("text_budget", "burst_ends_at")
