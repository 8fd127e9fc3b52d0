"""What a look at a database tells without any key."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import extract, func, select, text

from renumber.store import tables
from renumber.store.engine import Database, Row, Statement
from renumber.store.outbox import State
from renumber.store.shelf import moment

_account, _audit, _letter = tables.account, tables.audit, tables.outbox
_IS_DEAD = text(f"state = '{State.DEAD}'")  # written as in the index

_DEAD_BY_REASON = Statement(
    select(_letter.c.notice, _letter.c.channel, _letter.c.outcome, func.count().label("letters"))
    .where(_IS_DEAD)
    .group_by(_letter.c.notice, _letter.c.channel, _letter.c.outcome)
)
_TIMES = Statement(
    select(
        extract("epoch", func.now()).label("now"),
        select(func.max(_audit.c.at)).scalar_subquery().label("last_act_at"),
    )
)
_SEALED = Statement(select(_account.c.email).where(_account.c.email.is_not(None)).limit(1))


class Checkup:
    """Reads without locks."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
