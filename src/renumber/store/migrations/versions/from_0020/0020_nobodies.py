"""Write what was tried with unknown addresses into 256 histories instead of one, for whose lock all of them waited."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ids = [f"{number:032x}" for number in range(1, 256)]


def upgrade() -> None:
    account = sa.table(
        "account",
        *(sa.column(name) for name in ("account_id", "locale", "state", "created_at", "audit_seq", "version")),
        sa.column("audit_hash", sa.LargeBinary()),
        sa.column("audit_mac", sa.LargeBinary()),
    )
    row = {"locale": "en", "state": "active", "created_at": 0, "audit_seq": 0, "version": 1}
    op.bulk_insert(account, [{**row, "account_id": id_, "audit_hash": bytes(32), "audit_mac": b""} for id_ in ids])


def downgrade() -> None:
    for table in ("audit_mark", "audit", "account"):
        op.execute(f"DELETE FROM {table} WHERE account_id > '{'0' * 32}' AND account_id <= '{ids[-1]}'")  # noqa: S608 - ours
