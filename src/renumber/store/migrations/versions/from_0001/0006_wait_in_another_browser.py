"""The browser that asked for a change, and the waits of any other."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phone_change", sa.Column("asked_key", sa.LargeBinary))
    _remember_who_asked()
    op.create_table(
        "wait",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("purpose", sa.Text, primary_key=True),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("browser_key", sa.LargeBinary, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("over_at", sa.BigInteger, nullable=False),
        sa.Column("usable_until", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _remember_who_asked() -> None:
    """Those who are on their way go on where they asked; the proof begins with the id of the session: '["id", …'."""
    op.execute(
        "UPDATE phone_change SET asked_key = (SELECT browser_key FROM session"
        " WHERE session.account_id = phone_change.account_id"
        " AND session.session_id = substr(phone_change.proof, 3, 32)) WHERE is_open AND proof IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_table("wait")
    op.drop_column("phone_change", "asked_key")
