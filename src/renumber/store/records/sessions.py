"""Sessions as rows."""

from sqlalchemy import bindparam, update

from renumber.domain.factor import Factor
from renumber.domain.session import Session
from renumber.store.database.statement import Statement
from renumber.store.records.mapper import Cells, Mapper
from renumber.store.schema import tables


def to_row(session: Session) -> Cells:
    """Seal the browser and the address that the person signed in from."""
    return {
        "account_id": session.account_id,
        "session_id": session.session_id,
        "token_key": session.token_key,
        "browser_key": session.browser_key,
        "browser": session.browser,
        "ip": session.ip,
        "factor": session.factor.value if session.factor else None,
        "factor_at": session.factor_at,
        "factor_made_at": session.factor_made_at,
        "authenticated_at": session.authenticated_at,
        "created_at": session.created_at,
        "seen_at": session.seen_at,
        "expires_at": session.expires_at,
        "reauthenticated_at": session.reauthenticated_at,
        "ended_at": session.ended_at,
        "version": session.version,
    }


def from_row(row: Cells) -> Session:
    """Read a session."""
    return Session(
        account_id=row["account_id"],
        session_id=row["session_id"],
        token_key=row["token_key"],
        browser_key=row["browser_key"],
        browser=row["browser"],
        ip=row["ip"],
        factor=Factor(row["factor"]) if row["factor"] else None,
        factor_at=row["factor_at"],
        factor_made_at=row["factor_made_at"],
        authenticated_at=row["authenticated_at"],
        created_at=row["created_at"],
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
        reauthenticated_at=row["reauthenticated_at"],
        ended_at=row["ended_at"],
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
