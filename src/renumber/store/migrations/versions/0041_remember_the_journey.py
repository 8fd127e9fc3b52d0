"""A change of the number remembers the journey on which it was asked for, so that its last page leads back."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phone_change", sa.Column("journey", sa.Text))


def downgrade() -> None:
    op.drop_column("phone_change", "journey")
