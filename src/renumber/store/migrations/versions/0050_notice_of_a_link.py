"""The notice that a link came with, for the page that it opens."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("notice", sa.Text))


def downgrade() -> None:
    op.drop_column("link", "notice")
