"""The health of the database and of the outbox, read at a cost that does not grow with their size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, extract, func, literal, select, text

from renumber.store.database.open import Database, Row, Statement
from renumber.store.messages.settlements import NEEDS_OPERATOR, MessageState
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
_BLOCKED = Statement(
    select(outbox.c.channel, outbox.c.outcome, func.count().label("messages"))
    .where(_IS_WAITING, outbox.c.outcome.startswith(NEEDS_OPERATOR))
    .group_by(outbox.c.channel, outbox.c.outcome)
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
    """The number of messages that wait (claimed ones included) and that were given up, and the age of the oldest."""

    waiting: int
    claimed: int
    dead: int
    oldest_for: timedelta


class Health:
    """Looks at one database, without locks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ping(self) -> None:
        """Run a query that reads no table; raises a StoreFault if there is no answer."""
        await self._database.fetch(_PING)

    async def backlog(self, now: datetime) -> Backlog:
        """Count by indexes that hold only these messages, never those that were sent."""
        waiting = (await self._database.fetch(_WAITING, {"now": ms(now)}))[0]
        dead = (await self._database.fetch(_DEAD))[0]["dead"]
        oldest_at = waiting["oldest_at"]
        oldest_for = timedelta(0) if oldest_at is None else max(timedelta(0), now - moment(oldest_at))
        return Backlog(waiting=waiting["waiting"], claimed=waiting["claimed"], dead=dead, oldest_for=oldest_for)

    async def dead_by_reason(self) -> Sequence[Row]:
        """Count the messages that were given up by notice, channel and reason."""
        return await self._database.fetch(_DEAD_BY_REASON)

    async def blocked_by_reason(self) -> Sequence[Row]:
        """Count the messages that wait until the operator has mended something, by channel and reason."""
        return await self._database.fetch(_BLOCKED)

    async def times(self) -> tuple[datetime, datetime | None]:
        """Read the database's own time, and the time of the newest act in the history."""
        row = (await self._database.fetch(_TIMES))[0]
        last = row["last_act_at"]
        return moment(round(float(row["now"]) * 1000)), None if last is None else moment(last)

    async def sealed_value(self) -> bytes | None:
        """Read the sealed address of any account, which begins with the id of its key."""
        rows = await self._database.fetch(_SEALED)
        return bytes(rows[0]["email"]) if rows else None
