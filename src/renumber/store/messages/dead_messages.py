"""Messages that were given up, and what an operator can do about them: send them again, or drop them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, null, or_, select, text, tuple_, update

from renumber.store.database.open import Database, Row, Statement
from renumber.store.messages.settlements import MessageState
from renumber.store.records.mapper import moment, ms
from renumber.store.schema.operations import outbox

_IS_DEAD = text(f"state = '{MessageState.DEAD}'")  # written as in the index
_CAN_BE_SENT = and_(
    outbox.c.content.is_not(None), or_(outbox.c.expires_at.is_(None), outbox.c.expires_at > bindparam("now"))
)
_CHOSEN = or_(outbox.c.message_id == bindparam("message_id"), bindparam("message_id") == "")
_PLACE = (outbox.c.settled_at, outbox.c.message_id)
_OLDEST = Statement(
    select(outbox)
    .where(_IS_DEAD, tuple_(*_PLACE) > tuple_(bindparam("settled_at"), bindparam("message_id")))
    .order_by(*_PLACE)
    .limit(bindparam("limit"))
)
_SETTLED_AT = Statement(select(outbox.c.settled_at).where(_IS_DEAD, outbox.c.message_id == bindparam("message_id")))
_RETRY = Statement(
    update(outbox)
    .where(_IS_DEAD, _CHOSEN, _CAN_BE_SENT)
    .values(
        state=MessageState.WAITING.value,
        due_at=bindparam("now"),
        attempts=0,
        provider=0,
        settled_at=null(),
        outcome=null(),
    )
    .returning(outbox.c.message_id)
)
_DROP = Statement(
    update(outbox)
    .where(_IS_DEAD, outbox.c.message_id == bindparam("message_id"))
    .values(state=MessageState.EXPIRED.value, content=null())
    .returning(outbox.c.message_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadMessage:
    """A message that was given up; its address and its content stay sealed."""

    message_id: str
    account_id: str
    notice: str
    channel: str
    reason: str
    given_up_at: datetime


class DeadMessages:
    """Lists dead messages, and takes them out of that state."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def oldest(self, limit: int, after: str = "") -> Sequence[DeadMessage] | None:
        """Read those that were given up first, or those that come after one; None if that one isn't dead."""
        settled_at = 0
        if after:
            found = await self._database.fetch(_SETTLED_AT, {"message_id": after})
            if not found:
                return None
            settled_at = found[0]["settled_at"]
        values = {"settled_at": settled_at, "message_id": after, "limit": limit}
        return [_dead_message(row) for row in await self._database.fetch(_OLDEST, values)]

    async def retry(self, now: datetime, message_id: str = "") -> int:
        """Make one message wait again, or all, and count them; those that would come too late stay dead."""
        return len(await self._database.run(_RETRY, {"now": ms(now), "message_id": message_id}))

    async def drop(self, message_id: str) -> bool:
        """Give a message up for good and delete its content; False if it is not among the dead ones."""
        return bool(await self._database.run(_DROP, {"message_id": message_id}))


def _dead_message(row: Row) -> DeadMessage:
    return DeadMessage(
        message_id=row["message_id"],
        account_id=row["account_id"],
        notice=row["notice"],
        channel=row["channel"],
        reason=row["outcome"] or "",
        given_up_at=moment(row["settled_at"]),
    )
