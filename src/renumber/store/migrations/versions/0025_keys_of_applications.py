"""Tokens are bound to keys of applications, and a refresh token is known by its generation.

Refresh tokens from before are no longer taken: whoever holds one signs its people in once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("oauth_grant", sa.Column("generation", sa.Integer, nullable=False, server_default=sa.text("0")))
    for table in ("oauth_grant", "access_token"):
        op.add_column(table, sa.Column("jkt", sa.Text, nullable=False, server_default=sa.text("''")))
    op.drop_column("oauth_grant", "refresh_key")
    op.drop_column("oauth_grant", "spent_key")


def downgrade() -> None:
    for name in ("refresh_key", "spent_key"):
        op.add_column("oauth_grant", sa.Column(name, sa.LargeBinary))
    for table in ("oauth_grant", "access_token"):
        op.drop_column(table, "jkt")
    op.drop_column("oauth_grant", "generation")
