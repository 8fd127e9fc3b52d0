"""Whether the database answers, and what waits in it: asked often, so cheap at any size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, extract, func, literal, select, text

from renumber.store.database.open import Database, Row, Statement
from renumber.store.outbox import MessageState
from renumber.store.records.mapper import moment, ms
from renumber.store.schema import tables
from renumber.store.schema.operations import outbox

_account, _audit = tables.account, tables.audit

_PING = Statement(select(literal(1).label("one")))
# Written as in the indexes: with a bound value PostgreSQL's kept plan could not use them.
_IS_WAITING, _IS_DEAD = text(f"state = '{MessageState.WAITING}'"), text(f"state = '{MessageState.DEAD}'")
_IS_CLAIMED = outbox.c.claimed_until > bindparam("now")
_WAITING = Statement(
    select(
        func.count().label("waiting"),
        func.count().filter(_IS_CLAIMED).label("claimed"),
        func.min(outbox.c.created_at).label("oldest_at"),
    ).where(_IS_WAITING)
)
_DEAD = Statement(select(func.count().label("dead")).select_from(outbox).where(_IS_DEAD))
_DEAD_BY_REASON = Statement(
    select(outbox.c.notice, outbox.c.channel, outbox.c.outcome, func.count().label("messages"))
    .where(_IS_DEAD)
    .group_by(outbox.c.notice, outbox.c.channel, outbox.c.outcome)
)
_TIMES = Statement(
    select(
        extract("epoch", func.now()).label("now"),
        select(func.max(_audit.c.at)).scalar_subquery().label("last_act_at"),
    )
)
_SEALED = Statement(select(_account.c.email).where(_account.c.email.is_not(None)).limit(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits to be sent (claimed ones included), for how long the oldest has, and what was given up."""

    waiting: int
    claimed: int
    dead: int
    oldest_for: timedelta


class Health:
    """Looks at one database, without locks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ping(self) -> None:
        """Ask for nothing; a StoreFault if there is no answer."""
        await self._database.fetch(_PING)

    async def backlog(self, now: datetime) -> Backlog:
        """Count by indexes that hold only these messages, never those that were sent."""
        waiting = (await self._database.fetch(_WAITING, {"now": ms(now)}))[0]
        dead = (await self._database.fetch(_DEAD))[0]["dead"]
        oldest_at = waiting["oldest_at"]
        oldest_for = timedelta(0) if oldest_at is None else max(timedelta(0), now - moment(oldest_at))
        return Backlog(waiting=waiting["waiting"], claimed=waiting["claimed"], dead=dead, oldest_for=oldest_for)

    async def dead_by_reason(self) -> Sequence[Row]:
        """How many messages of which kind were given up, and why."""
        return await self._database.fetch(_DEAD_BY_REASON)

    async def times(self) -> tuple[datetime, datetime | None]:
        """What time it is for the database, and when the last act was written down."""
        row = (await self._database.fetch(_TIMES))[0]
        last = row["last_act_at"]
        return moment(round(float(row["now"]) * 1000)), None if last is None else moment(last)

    async def sealed_value(self) -> bytes | None:
        """Any account's sealed address, by which one sees what key it is sealed with."""
        rows = await self._database.fetch(_SEALED)
        return bytes(rows[0]["email"]) if rows else None
