"""What an operator looks at and mends: an account's factors and history, and messages that were given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, null, or_, select, text, update

from renumber.domain.factor import FactorStatus
from renumber.store.database.open import Database, Row, Statement
from renumber.store.outbox import MessageState
from renumber.store.records import factors
from renumber.store.records.mapper import Columns, Sealer, moment, ms
from renumber.store.schema import tables

_factor, _audit, _letter = tables.authenticator, tables.audit, tables.outbox

_FACTORS = Statement(select(_factor).where(_factor.c.account_id == bindparam("account_id")).order_by(_factor.c.factor))
_HISTORY = Statement(
    select(_audit.c.at, _audit.c.actor, _audit.c.act, _audit.c.subject, _audit.c.evidence)
    .where(_audit.c.account_id == bindparam("account_id"))
    .order_by(_audit.c.seq.desc())
    .limit(bindparam("limit"))
)
_IS_DEAD = text(f"state = '{MessageState.DEAD}'")  # written as in the index
_CAN_GO = and_(
    _letter.c.content.is_not(None), or_(_letter.c.expires_at.is_(None), _letter.c.expires_at > bindparam("now"))
)
_CHOSEN = or_(_letter.c.message_id == bindparam("message_id"), bindparam("message_id") == "")
_DEAD = Statement(select(_letter).where(_IS_DEAD).order_by(_letter.c.settled_at).limit(bindparam("limit")))
_RETRY = Statement(
    update(_letter)
    .where(_IS_DEAD, _CHOSEN, _CAN_GO)
    .values(
        state=MessageState.WAITING.value,
        due_at=bindparam("now"),
        attempts=0,
        provider=0,
        settled_at=null(),
        outcome=null(),
    )
    .returning(_letter.c.message_id)
)
_DROP = Statement(
    update(_letter)
    .where(_IS_DEAD, _letter.c.message_id == bindparam("message_id"))
    .values(state=MessageState.EXPIRED.value, content=null())
    .returning(_letter.c.message_id)
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up; whom it is for and what it says stay sealed."""

    message_id: str
    account_id: str
    what: str
    reason: str
    given_up_at: datetime


class Desk:
    """Reads without locks, and the two things that can be done about a dead letter."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def factors(self, account_id: str) -> Sequence[FactorStatus]:
        """The counters of an account's factors."""
        rows = await self._database.fetch(_FACTORS, {"account_id": account_id})
        return [factors.from_row(row, Columns(self._sealer, _factor.name, account_id)) for row in rows]

    async def history(self, account_id: str, limit: int) -> Sequence[Row]:
        """The newest rows of an account's history."""
        return await self._database.fetch(_HISTORY, {"account_id": account_id, "limit": limit})

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """Messages that were given up, the oldest first."""
        return [_dead(row) for row in await self._database.fetch(_DEAD, {"limit": limit})]

    async def retry(self, now: datetime, message_id: str = "") -> int:
        """Send a dead letter again, or all of them; those that would come too late stay dead."""
        return len(await self._database.run(_RETRY, {"now": ms(now), "message_id": message_id}))

    async def drop(self, message_id: str) -> bool:
        """Give a dead letter up for good, and forget what it says."""
        return bool(await self._database.run(_DROP, {"message_id": message_id}))


def _dead(row: Row) -> DeadLetter:
    what = f"{row['notice']} by {row['channel']}"
    return DeadLetter(row["message_id"], row["account_id"], what, row["outcome"] or "", moment(row["settled_at"]))
