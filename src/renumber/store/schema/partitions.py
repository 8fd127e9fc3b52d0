"""Spreading the tables of PostgreSQL over partitions, each by the account that its rows are of, or by its own key.

An account is the unit: all that one act reads and writes of a table is in one partition. What is looked up before the
account is known has a table of its own, partitioned by what it is looked up by, or stays whole; so do queues and orders
over all accounts, and what there are few of.
"""

from sqlalchemy import Connection, text

from renumber.store.schema.tables import metadata

PARTITIONS = 16
BY_OWN_KEY = {"email_lookup": "email_key", "counter": "counter_key"}
# Links and passkeys are found by a keyed hash of their own, which is to be unique among all: they can't be spread by
# their account until that hash has a table of its own.
WHOLE = frozenset((
    "link", "passkey", "event", "event_position", "webhook_delivery", "webhook_switch", "security_event", "stream",
    "stream_left_out", "authorization_request", "kept_answer", "staff_member", "staff_identity", "recovery_case",
    "organisation", "server_key", "key_rotation", "lease", "audit_checkpoint",
))  # fmt: skip
_KIND = text("SELECT relkind::text FROM pg_class WHERE oid = to_regclass(:name)")
_INDEXES = text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :name")
_PARTS = text("""
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass(:name) ORDER BY c.relname
""")
_KEY = text("""
    SELECT c.conname, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c
    WHERE c.conrelid = to_regclass(:name) AND c.contype = 'p'
""")


def partition_keys() -> dict[str, str]:
    """Name the column that each table is spread by, of those that are spread."""
    return {name: BY_OWN_KEY.get(name, "account_id") for name in metadata.tables if name not in WHOLE}


def spread(connection: Connection, count: int) -> None:
    """Spread every table that is still whole, with its rows; it takes as long as copying them, and locks them."""
    for table, key in partition_keys().items():
        if connection.execute(_KIND, {"name": table}).scalar_one() != "p":
            _spread_one(connection, table, key, count=count)


def _name_parts(connection: Connection, index: str) -> None:
    """Call the parts of an index by its name: a fault names the part, and a guard is known by it."""
    parts = connection.execute(_PARTS, {"name": index}).scalars().all()
    for number, part in enumerate(parts):
        connection.exec_driver_sql(f'ALTER INDEX "{part}" RENAME TO "{index}_p{number:02}"')


def _spread_one(connection: Connection, table: str, key: str, *, count: int) -> None:
    primary = connection.execute(_KEY, {"name": table}).one()
    indexes = [row for row in connection.execute(_INDEXES, {"name": table}) if row.indexname != primary.conname]
    run = connection.exec_driver_sql
    run(f'ALTER TABLE "{table}" RENAME TO "{table}_whole"')
    run(f'CREATE TABLE "{table}" (LIKE "{table}_whole" INCLUDING DEFAULTS) PARTITION BY HASH ("{key}")')
    for number in range(count):
        place = f"FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"
        run(f'CREATE TABLE "{table}_p{number:02}" PARTITION OF "{table}" {place}')
    run(f'INSERT INTO "{table}" SELECT * FROM "{table}_whole"')  # noqa: S608 -- the names are our own
    run(f'DROP TABLE "{table}_whole"')
    run(f'ALTER TABLE "{table}" ADD CONSTRAINT "{primary.conname}" {primary.definition}')
    for index in indexes:
        run(index.indexdef)
        _name_parts(connection, index.indexname)
    run(f'ANALYZE "{table}"')
