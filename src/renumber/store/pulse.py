"""Whether the database answers, and what waits in it: asked often, so cheap at any size."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, literal, select, text

from renumber.store.engine import Database, Statement
from renumber.store.ledgers import outbox
from renumber.store.outbox import State
from renumber.store.shelf import moment, ms

_PING = Statement(select(literal(1).label("one")))
# Written as in the indexes: with a bound value PostgreSQL's kept plan could not use them.
_IS_WAITING, _IS_DEAD = text(f"state = '{State.WAITING}'"), text(f"state = '{State.DEAD}'")
_IS_CLAIMED = outbox.c.claimed_until > bindparam("now")
_WAITING = Statement(
    select(
        func.count().label("waiting"),
        func.count().filter(_IS_CLAIMED).label("claimed"),
        func.min(outbox.c.created_at).label("oldest_at"),
    ).where(_IS_WAITING)
)
_DEAD = Statement(select(func.count().label("dead")).select_from(outbox).where(_IS_DEAD))


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be sent (claimed ones included), for how long the oldest has, and what was given up."""

    waiting: int
    claimed: int
    dead: int
    oldest_for: timedelta


class Pulse:
    """Looks at one database."""

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
        return Backlog(waiting["waiting"], waiting["claimed"], dead, oldest_for)
