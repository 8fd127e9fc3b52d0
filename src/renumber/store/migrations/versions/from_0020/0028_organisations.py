"""Organisations: their settings, who belongs to one, and changes that wait for an administrator."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0029"
branch_labels = None
depends_on = None

NOT_YET = sa.text("false")


def upgrade() -> None:
    op.add_column("account", sa.Column("organisation_id", sa.Text))
    op.add_column("account", sa.Column("organisation_since", sa.BigInteger))
    op.add_column("account", sa.Column("is_administrator", sa.Boolean, nullable=False, server_default=NOT_YET))
    op.add_column("phone_change", sa.Column("organisation_id", sa.Text))
    op.add_column("phone_change", sa.Column("company_until", sa.BigInteger))
    op.add_column("phone_change", sa.Column("company_goes_on", sa.Boolean, nullable=False, server_default=NOT_YET))
    op.add_column("phone_change", sa.Column("company_tell_at", sa.BigInteger))
    op.add_column("phone_change", sa.Column("company_due_at", sa.BigInteger))
    op.add_column("phone_change", sa.Column("company_answered_by", sa.Text))
    op.add_column("phone_change", sa.Column("company_answered_at", sa.BigInteger))
    op.create_table(
        "organisation",
        sa.Column("account_id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("changes_wait", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("organisation_name", "organisation", ["name"], unique=True)
    _index("account_organisation", "account", ["organisation_id", "account_id"])
    _index("phone_change_company_due", "phone_change", ["company_due_at"])
    _index("phone_change_organisation", "phone_change", ["organisation_id", "requested_at", "change_id"])


def _index(name: str, table: str, columns: list[str]) -> None:
    only = sa.text(f"{columns[0]} IS NOT NULL")
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, table in (
        ("account_organisation", "account"),
        ("phone_change_company_due", "phone_change"),
        ("phone_change_organisation", "phone_change"),
    ):
        op.drop_index(name, table)
    for column in ("organisation_id", "organisation_since", "is_administrator"):
        op.drop_column("account", column)
    for column in (
        "organisation_id",
        "company_until",
        "company_goes_on",
        "company_tell_at",
        "company_due_at",
        "company_answered_by",
        "company_answered_at",
    ):
        op.drop_column("phone_change", column)
    op.execute("DELETE FROM audit WHERE account_id IN (SELECT account_id FROM organisation)")
    op.execute("DELETE FROM audit_mark WHERE account_id IN (SELECT account_id FROM organisation)")
    op.execute("DELETE FROM account WHERE account_id IN (SELECT account_id FROM organisation)")
    op.drop_table("organisation")
