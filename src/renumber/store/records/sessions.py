"""Sessions as rows."""

from sqlalchemy import bindparam, update

from renumber.domain.factor import Factor
from renumber.domain.session import Session
from renumber.store.database.statement import Statement
from renumber.store.records.mapper import Cells, Columns, Mapper, moment, moment_or_none, ms, ms_or_none
from renumber.store.schema import tables


def to_row(session: Session, columns: Columns) -> dict[str, object]:
    """Seal the browser and the address that the person signed in from."""
    return {
        "account_id": session.account_id,
        "session_id": session.session_id,
        "token_key": session.token_key,
        "browser_key": session.browser_key,
        "browser": columns.seal("browser", session.browser),
        "ip": columns.seal("ip", session.ip),
        "factor": session.factor.value if session.factor else None,
        "factor_at": ms_or_none(session.factor_at),
        "factor_made_at": ms_or_none(session.factor_made_at),
        "authenticated_at": ms(session.authenticated_at),
        "created_at": ms(session.created_at),
        "seen_at": ms(session.seen_at),
        "expires_at": ms(session.expires_at),
        "reauthenticated_at": ms_or_none(session.reauthenticated_at),
        "ended_at": ms_or_none(session.ended_at),
        "version": session.version,
    }


def from_row(row: Cells, columns: Columns) -> Session:
    """Read a session."""
    return Session(
        account_id=row["account_id"],
        session_id=row["session_id"],
        token_key=row["token_key"],
        browser_key=row["browser_key"],
        browser=columns.text("browser", row["browser"]),
        ip=columns.text("ip", row["ip"]),
        factor=Factor(row["factor"]) if row["factor"] else None,
        factor_at=moment_or_none(row["factor_at"]),
        factor_made_at=moment_or_none(row["factor_made_at"]),
        authenticated_at=moment(row["authenticated_at"]),
        created_at=moment(row["created_at"]),
        seen_at=moment(row["seen_at"]),
        expires_at=moment(row["expires_at"]),
        reauthenticated_at=moment_or_none(row["reauthenticated_at"]),
        ended_at=moment_or_none(row["ended_at"]),
        version=row["version"],
    )


mapper = Mapper(Session, tables.session, "session_id", to_row=to_row, from_row=from_row)

END_ALL = Statement(
    update(tables.session)
    .where(
        tables.session.c.account_id == bindparam("same_account_id"),
        tables.session.c.ended_at.is_(None),
        tables.session.c.session_id != bindparam("kept_id"),
    )
    .values(ended_at=bindparam("ended_at"), version=tables.session.c.version + 1)
)
