"""Find what is purged along an index, of whatever kind it is."""

from alembic import op
from sqlalchemy import text

revision = "0031"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEXES = {
    "wait_end": ("wait", "usable_until", ""),
    "backchannel_logout_age": ("backchannel_logout", "due_at", ""),
    "device_removed": ("device", "removed_at", "removed_at IS NOT NULL"),
    "device_expiry": ("device", "expires_at", "expires_at IS NOT NULL"),
    "passkey_removed": ("passkey", "removed_at", "removed_at IS NOT NULL"),
    "app_key_removed": ("app_key", "removed_at", "removed_at IS NOT NULL"),
}


def upgrade() -> None:
    for name, (table, column, condition) in INDEXES.items():
        only = text(condition) if condition else None
        op.create_index(name, table, [column], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
