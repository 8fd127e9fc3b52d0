"""When the key was made that confirmed a session: a mailed password takes one that was there before."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("factor_made_at", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("session", "factor_made_at")
