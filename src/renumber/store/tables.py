"""The schema. Every table is led by `account_id`, the unit of distribution, but for look-ups by keyed hash.

Times are epoch milliseconds in UTC, sealed columns AES-GCM ciphertexts, keys keyed hashes: plain types of both
databases, so that no bind or result processor is needed.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

metadata = MetaData()


def _id(name: str = "account_id", *, key: bool = True) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


account = Table(
    "account",
    metadata,
    _id(),
    Column("email", LargeBinary),
    Column("name", LargeBinary),
    Column("locale", Text, nullable=False),
    Column("password_hash", Text),
    Column("number", LargeBinary),
    Column("number_key", LargeBinary),
    Column("state", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("frozen_at", BigInteger),
    Column("number_changed_at", BigInteger),
    Column("former_number", LargeBinary),
    Column("former_until", BigInteger),
    Column("password_mailed_at", BigInteger),
    Column("password_link_id", Text),
    Column("erased_at", BigInteger),
    Column("audit_seq", BigInteger, nullable=False),
    Column("audit_hash", LargeBinary, nullable=False),
    Column("audit_mac", LargeBinary, nullable=False),
    _version(),
    Index("account_number", "number_key"),
    Index(
        "account_former",
        "former_until",
        sqlite_where=text("former_until IS NOT NULL"),
        postgresql_where=text("former_until IS NOT NULL"),
    ),
)

email_lookup = Table("email_lookup", metadata, Column("email_key", LargeBinary, primary_key=True), _id(key=False))

phone_change = Table(
    "phone_change",
    metadata,
    _id(),
    _id("change_id"),
    Column("state", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("proof", Text),
    Column("old_number", LargeBinary),
    Column("requested_at", BigInteger, nullable=False),
    Column("link_generation", Integer, nullable=False),
    Column("link_sent_at", BigInteger),
    Column("link_expires_at", BigInteger),
    Column("new_number", LargeBinary),
    Column("reset_at", BigInteger),
    Column("reset_key", LargeBinary),
    Column("closed_at", BigInteger),
    _version(),
    Index(
        "phone_change_one_open",
        "account_id",
        unique=True,
        sqlite_where=text("is_open"),
        postgresql_where=text("is_open"),
    ),
    Index("phone_change_due", "link_expires_at", sqlite_where=text("is_open"), postgresql_where=text("is_open")),
    Index(
        "phone_change_closed",
        "closed_at",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
)

sign_in = Table(
    "sign_in",
    metadata,
    _id(),
    _id("sign_in_id"),
    Column("token_key", LargeBinary, nullable=False),
    Column("browser_key", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("change_id", Text),
    Column("started_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("from_known_browser", Boolean, nullable=False),
    _version(),
    Index("sign_in_expiry", "expires_at"),
)

session = Table(
    "session",
    metadata,
    _id(),
    _id("session_id"),
    Column("token_key", LargeBinary, nullable=False),
    Column("browser_key", LargeBinary, nullable=False),
    Column("browser", LargeBinary, nullable=False),
    Column("ip", LargeBinary, nullable=False),
    Column("factor", Text),
    Column("factor_at", BigInteger),
    Column("authenticated_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    _version(),
    Index("session_browser", "account_id", "browser_key"),
    Index("session_expiry", "expires_at"),
)

challenge = Table(
    "challenge",
    metadata,
    _id(),
    _id("purpose"),
    Column("challenge_id", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("destination", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("last_sent_at", BigInteger, nullable=False),
    Column("sends", Integer, nullable=False),
    Column("wrong_guesses", Integer, nullable=False),
    Column("state", Text, nullable=False),
    _version(),
)

authenticator = Table(
    "authenticator",
    metadata,
    _id(),
    _id("factor"),
    Column("wrong_in_a_row", Integer, nullable=False),
    Column("suspended_at", BigInteger),
    Column("last_used_at", BigInteger),
    _version(),
)

link = Table(
    "link",
    metadata,
    _id(),
    _id("link_id"),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("token_key", LargeBinary, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    _version(),
    Index("link_token", "token_key", unique=True),
    Index("link_expiry", "expires_at"),
)

counter = Table(
    "counter",
    metadata,
    Column("counter_key", LargeBinary, primary_key=True),
    Column("times", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index("counter_expiry", "expires_at"),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _id("message_id"),
    Column("channel", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("content", LargeBinary),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("due_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("provider", Integer, nullable=False),
    Column("claim", Text),
    Column("claimed_until", BigInteger),
    Column("settled_at", BigInteger),
    Column("outcome", Text),
    Index(
        "outbox_due",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "outbox_settled",
        "settled_at",
        sqlite_where=text("settled_at IS NOT NULL"),
        postgresql_where=text("settled_at IS NOT NULL"),
    ),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("origin", LargeBinary),
    Column("origin_digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_recent", "at"),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("chains", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

audit_mark = Table(
    "audit_mark",
    metadata,
    _id(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("audit_mark_checkpoint", "number", "account_id"),
)

lease = Table(
    "lease",
    metadata,
    Column("task", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
)

key_rotation = Table(
    "key_rotation",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("done_up_to", Text, nullable=False),
    Column("finished_at", BigInteger),
)
