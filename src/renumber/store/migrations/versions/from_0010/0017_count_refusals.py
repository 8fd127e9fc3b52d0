"""Count refusals that are repeated, and let the history of nobody begin where older rows were purged."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("refusals", sa.Text()))
    op.add_column("account", sa.Column("refusals_until", sa.BigInteger()))
    where = sa.text("refusals_until IS NOT NULL")
    op.create_index("account_refusals", "account", ["refusals_until"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "audit_start",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )


def downgrade() -> None:
    op.drop_table("audit_start")
    op.drop_index("account_refusals", "account")
    op.drop_column("account", "refusals_until")
    op.drop_column("account", "refusals")
