"""Keep the requests of applications, what people grant them, and which ended sessions they have yet to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("authorization_request", "oauth_grant", "access_token", "consent", "backchannel_logout")


def upgrade() -> None:
    op.create_table(
        "authorization_request",
        sa.Column("account_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("request_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
    )
    op.create_index("authorization_request_expiry", "authorization_request", ["expires_at"])
    op.create_table(
        "oauth_grant",
        sa.Column("account_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("grant_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("is_offline", sa.Boolean, nullable=False),
        sa.Column("redirect_uri", sa.Text, nullable=False),
        sa.Column("challenge", sa.Text, nullable=False),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("id_token_claims", sa.Text, nullable=False),
        sa.Column("userinfo_claims", sa.Text, nullable=False),
        sa.Column("acr", sa.Text, nullable=False),
        sa.Column("amr", sa.Text, nullable=False),
        sa.Column("authenticated_at", sa.BigInteger, nullable=False),
        sa.Column("code_key", sa.LargeBinary, nullable=False),
        sa.Column("code_expires_at", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("jkt", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("oauth_grant_expiry", "oauth_grant", ["expires_at"])
    op.create_table(
        "access_token",
        sa.Column("account_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("token_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("grant_id", sa.Text, nullable=False),
        sa.Column("token_key", sa.LargeBinary, nullable=False),
        sa.Column("jkt", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("issued_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("access_token_expiry", "access_token", ["expires_at"])
    op.create_table(
        "consent",
        sa.Column("account_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("client_id", sa.Text, primary_key=True, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "backchannel_logout",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("session_id", sa.Text, primary_key=True),
        sa.Column("client_id", sa.Text, primary_key=True),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claim", sa.Text),
    )
    op.create_index("backchannel_logout_due", "backchannel_logout", ["client_id", "due_at"])


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
