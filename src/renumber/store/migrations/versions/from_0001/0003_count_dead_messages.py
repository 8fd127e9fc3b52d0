"""An index of the messages that were given up, so that counting them never reads those that were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("state = 'dead'")
    op.create_index("outbox_dead", "outbox", ["settled_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("outbox_dead", "outbox")
