"""Customer relations: staff who come from the company's identity provider."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    from_provider = sa.Column("is_from_provider", sa.Boolean, nullable=False, server_default=sa.text("FALSE"))
    op.add_column("staff_member", from_provider)
    op.add_column("staff_member", sa.Column("blocked_at", sa.BigInteger))
    op.create_table(
        "staff_identity",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("identity_key", sa.LargeBinary, nullable=False),
        sa.Column("email_key", sa.LargeBinary, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("signed_in_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("staff_identity_of", "staff_identity", ["identity_key"], unique=True)
    op.create_index("staff_identity_address", "staff_identity", ["email_key"], unique=True)


def downgrade() -> None:
    op.drop_table("staff_identity")
    op.drop_column("staff_member", "blocked_at")
    op.drop_column("staff_member", "is_from_provider")
