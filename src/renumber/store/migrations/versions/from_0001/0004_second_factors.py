"""Second factors besides the number, and which one a sign-in asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("factors", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("account", sa.Column("last_factor", sa.Text))
    op.add_column("account", sa.Column("suspended", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("account", sa.Column("lost", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("authenticator", sa.Column("lost_at", sa.BigInteger))
    op.add_column("sign_in", sa.Column("method", sa.Text))
    op.add_column("sign_in", sa.Column("session_id", sa.Text))
    _remember_suspended()
    for create in (_app_key, _recovery_codes, _passkey, _device, _prompt, _server_key):
        create()


def _remember_suspended() -> None:
    joined = "string_agg(factor, ',')" if op.get_bind().dialect.name == "postgresql" else "group_concat(factor, ',')"
    suspended = f"SELECT {joined} FROM authenticator WHERE account_id = account.account_id"  # noqa: S608 - our own words
    op.execute(f"UPDATE account SET suspended = COALESCE(({suspended} AND suspended_at IS NOT NULL), '')")  # noqa: S608


def _app_key() -> None:
    op.create_table(
        "app_key",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("removed_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _recovery_codes() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("digests", sa.LargeBinary),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _passkey() -> None:
    op.create_table(
        "passkey",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("passkey_id", sa.Text, primary_key=True),
        sa.Column("credential_key", sa.LargeBinary, nullable=False),
        sa.Column("credential_id", sa.LargeBinary),
        sa.Column("public_key", sa.LargeBinary),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("transports", sa.Text, nullable=False),
        sa.Column("is_backup_eligible", sa.Boolean, nullable=False),
        sa.Column("is_backed_up", sa.Boolean, nullable=False),
        sa.Column("name", sa.LargeBinary),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("removed_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )
    live = sa.text("removed_at IS NULL")
    op.create_index(
        "passkey_credential", "passkey", ["credential_key"], unique=True, sqlite_where=live, postgresql_where=live
    )


def _device() -> None:
    op.create_table(
        "device",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("device_id", sa.Text, primary_key=True),
        sa.Column("public_key", sa.LargeBinary),
        sa.Column("name", sa.LargeBinary),
        sa.Column("subscription", sa.LargeBinary),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("last_used_at", sa.BigInteger),
        sa.Column("removed_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _prompt() -> None:
    op.create_table(
        "prompt",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("prompt_id", sa.Text, primary_key=True),
        sa.Column("sign_in_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("browser", sa.LargeBinary),
        sa.Column("ip", sa.LargeBinary),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("wrong_digits", sa.Integer, nullable=False),
        sa.Column("answered_at", sa.BigInteger),
        sa.Column("device_id", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("prompt_expiry", "prompt", ["expires_at"])


def _server_key() -> None:
    op.create_table(
        "server_key",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    for table in ("server_key", "prompt", "device", "passkey", "recovery_codes", "app_key"):
        op.drop_table(table)
    op.drop_column("sign_in", "session_id")
    op.drop_column("sign_in", "method")
    op.drop_column("authenticator", "lost_at")
    op.drop_column("account", "lost")
    op.drop_column("account", "suspended")
    op.drop_column("account", "last_factor")
    op.drop_column("account", "factors")
