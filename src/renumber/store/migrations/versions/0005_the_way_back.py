"""The way back: a release counts its codes by itself."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was guessed at the number from before a change was counted for a factor that there is no more.
    op.execute("DELETE FROM authenticator WHERE factor = 'former-number'")
    op.execute(_FORGET)


# Lists are kept sorted, so that the name stands behind a comma, before one, or alone.
_FORGET = """
UPDATE account SET suspended = REPLACE(REPLACE(REPLACE(
    suspended, ',former-number', ''), 'former-number,', ''), 'former-number', '')
WHERE suspended LIKE '%former-number%'
"""


def downgrade() -> None:
    op.execute("DELETE FROM authenticator WHERE factor IN ('release-mailbox', 'release-number')")
