"""Texts of our tables compare byte by byte on PostgreSQL, whatever the database was made to sort by.

SQLite does so by itself. A migration need not think of it: the step runs at the end of all of them. Under another
collation ids have another order than their bytes, and what goes through them in pages would skip some.
"""

from sqlalchemy import Connection, text

from renumber.store.schema.tables import metadata

_OTHERWISE = text("""
    SELECT c.relname AS owner, a.attname AS name
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
    AND NOT a.attisdropped AND a.atttypid = 'text'::regtype AND o.collname <> 'C' ORDER BY c.relname, a.attnum
""")


def compare_by_bytes(connection: Connection) -> None:
    """Give every text of our tables the collation of its bytes; indexes over one are built anew, tables are not."""
    if connection.dialect.name != "postgresql":
        return
    found: dict[str, list[str]] = {}
    for row in connection.execute(_OTHERWISE):
        if row.owner in metadata.tables:
            found.setdefault(row.owner, []).append(row.name)
    for table, columns in found.items():
        changes = ", ".join(f'ALTER COLUMN "{name}" TYPE text COLLATE "C"' for name in columns)
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {changes}')
