"""Auditors look for entries by act, actor and staff; exports of everything have a history of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None

INSTALLATION = f"{256:032x}"
RARE, STAFF = sa.text("actor != 'owner' AND actor != 'visitor'"), sa.text("actor = 'agent'")
ERASED = sa.text("erased_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("audit_act", "audit", ["act", "at"])
    op.create_index("audit_actor", "audit", ["actor", "at"], sqlite_where=RARE, postgresql_where=RARE)
    op.create_index("audit_staff", "audit", ["evidence", "at"], sqlite_where=STAFF, postgresql_where=STAFF)
    op.create_index("account_erased", "account", ["erased_at"], sqlite_where=ERASED, postgresql_where=ERASED)
    account = sa.table(
        "account",
        *(sa.column(name) for name in ("account_id", "locale", "state", "created_at", "audit_seq", "version")),
        sa.column("audit_hash", sa.LargeBinary()),
        sa.column("audit_mac", sa.LargeBinary()),
    )
    row = {"locale": "en", "state": "active", "created_at": 0, "audit_seq": 0, "version": 1}
    op.bulk_insert(account, [{**row, "account_id": INSTALLATION, "audit_hash": bytes(32), "audit_mac": b""}])


def downgrade() -> None:
    for table in ("audit_mark", "audit_start", "audit", "account"):
        op.execute(f"DELETE FROM {table} WHERE account_id = '{INSTALLATION}'")  # noqa: S608 - ours
    op.drop_index("account_erased", "account")
    for name in ("audit_staff", "audit_actor", "audit_act"):
        op.drop_index(name, "audit")
