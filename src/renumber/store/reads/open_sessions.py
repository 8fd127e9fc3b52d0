"""The sessions of an account that can still be used, as an operator looks at them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, tuple_

from renumber.domain.session import Session
from renumber.store.database.open import Database, Statement
from renumber.store.records import sessions
from renumber.store.records.mapper import Sealer, ms
from renumber.store.schema.tables import session

_AFTER_ALL = 1 << 62
_OPEN = Statement(
    select(session)
    .where(
        session.c.account_id == bindparam("account_id"),
        session.c.ended_at.is_(None),
        session.c.expires_at > bindparam("now"),
        session.c.seen_at > bindparam("idle_since"),
        tuple_(session.c.created_at, session.c.session_id) < tuple_(bindparam("created_at"), bindparam("session_id")),
    )
    .order_by(session.c.created_at.desc(), session.c.session_id.desc())
    .limit(bindparam("limit"))
)


class OpenSessions:
    """Reads sessions in pages, without locks."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def newest(
        self, account_id: str, now: datetime, *, idle_since: datetime, after: Session | None, limit: int
    ) -> Sequence[Session]:
        """Read the newest sessions that can still be used, or those that come after one."""
        place = {
            "created_at": ms(after.created_at) if after else _AFTER_ALL,
            "session_id": after.session_id if after else "",
        }
        values = {"now": ms(now), "idle_since": ms(idle_since), "limit": limit}
        return await self._read(_OPEN, account_id=account_id, **values, **place)

    async def find(self, account_id: str, session_id: str) -> Session | None:
        """Read one session, also one that has ended."""
        found = await self._read(sessions.mapper.load, account_id=account_id, session_id=session_id)
        return found[0] if found else None

    async def _read(self, statement: Statement, **values: object) -> Sequence[Session]:
        rows = await self._database.fetch(statement, values)
        return [sessions.mapper.read(row, self._sealer) for row in rows]
