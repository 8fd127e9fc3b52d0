"""The way back: a release counts its codes by itself, and what is older outlasts what is new."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was guessed at the number from before a change was counted for a factor that there is no more.
    op.execute("DELETE FROM authenticator WHERE factor = 'former-number'")
    op.execute(_FORGET)
    op.add_column("account", sa.Column("changed_at", sa.BigInteger))
    op.execute("UPDATE account SET changed_at = number_changed_at")
    op.add_column("session", sa.Column("reauthenticated_at", sa.BigInteger))
    op.add_column("authenticator", sa.Column("bound_at", sa.BigInteger))
    op.add_column("authenticator", sa.Column("guesses", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE authenticator SET guesses = wrong_in_a_row")
    op.add_column("authenticator", sa.Column("disabled_at", sa.BigInteger))
    op.add_column("account", sa.Column("disabled", sa.Text, nullable=False, server_default=sa.text("''")))


# Lists are kept sorted, so that the name stands behind a comma, before one, or alone.
_FORGET = """
UPDATE account SET suspended = REPLACE(REPLACE(REPLACE(
    suspended, ',former-number', ''), 'former-number,', ''), 'former-number', '')
WHERE suspended LIKE '%former-number%'
"""


def downgrade() -> None:
    op.drop_column("account", "disabled")
    op.drop_column("authenticator", "disabled_at")
    op.drop_column("authenticator", "guesses")
    op.drop_column("authenticator", "bound_at")
    op.drop_column("session", "reauthenticated_at")
    op.drop_column("account", "changed_at")
    op.execute("DELETE FROM authenticator WHERE factor IN ('release-mailbox', 'release-number')")
