"""Keep the code before, which a late text message may still bring."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("challenge", sa.Column("earlier_id", sa.Text()))
    op.add_column("challenge", sa.Column("earlier_until", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("challenge", "earlier_until")
    op.drop_column("challenge", "earlier_id")
