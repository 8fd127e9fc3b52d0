"""A code belongs to the sign-in that asked for it. Those in flight are sent again: they last ten minutes at most."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("challenge")
    _create("slot", sa.Column("purpose", sa.Text, nullable=False), sa.Column("sign_in_id", sa.Text, nullable=False))
    op.create_index("challenge_expiry", "challenge", ["expires_at"])


def _create(key: str, *more: sa.Column[str]) -> None:
    op.create_table(
        "challenge",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column(key, sa.Text, primary_key=True),
        *more,
        sa.Column("challenge_id", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("destination", sa.LargeBinary, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("last_sent_at", sa.BigInteger, nullable=False),
        sa.Column("sends", sa.Integer, nullable=False),
        sa.Column("wrong_guesses", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("challenge")
    _create("purpose")
