"""The budget of notices by text, of each number of each account."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_budget",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("number_key", sa.LargeBinary, primary_key=True),
        sa.Column("times", sa.Text, nullable=False),
        sa.Column("joined", sa.Integer, nullable=False),
        sa.Column("joined_at", sa.BigInteger),
        sa.Column("joined_id", sa.Text, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
    )
    op.create_index("text_budget_end", "text_budget", ["ends_at"])


def downgrade() -> None:
    op.drop_table("text_budget")
