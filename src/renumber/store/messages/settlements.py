"""The settling of claimed messages: by compare-and-set on the claim, together with what is ready at the same time."""

import asyncio
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, null, update

from renumber.domain.messages.message import Claimed, Dead, Expired, Retry, Sent, Settlement
from renumber.store.database.open import Database, Row, Statement, Values
from renumber.store.records.mapper import ms
from renumber.store.schema.operations import outbox

AT_ONCE = 8  # settled by one statement, which is another text, and another plan, for each number of them


class MessageState(StrEnum):
    """The state of a message in the outbox; the last three are final."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"


NEEDS_OPERATOR = "needs the operator: "  # begins the reason of what waits for that

# What is found by its key says that it waits in other words: the index of all that waits is not to be gone through.
UNSETTLED = outbox.c.settled_at.is_(None)
_MINE = and_(
    outbox.c.account_id == bindparam("same_account_id"),
    outbox.c.message_id == bindparam("same_message_id"),
    outbox.c.claim == bindparam("same_claim"),
    UNSETTLED,
)
_FREE: dict[str, Any] = {"claim": null(), "claimed_until": null()}
_FINISH = Statement(
    update(outbox)
    .where(_MINE)
    .values(
        state=bindparam("new_state"), settled_at=bindparam("at"), outcome=bindparam("reason"), content=null(), **_FREE
    )
)
_MARK_DEAD = Statement(
    update(outbox)
    .where(_MINE)
    .values(state=MessageState.DEAD.value, settled_at=bindparam("at"), outcome=bindparam("reason"), **_FREE)
)
_DEFER = Statement(update(outbox).where(_MINE).values(due_at=bindparam("at"), outcome=bindparam("reason"), **_FREE))
RELEASE = Statement(update(outbox).where(_MINE).values(attempts=outbox.c.attempts - 1, **_FREE))

_Ready = tuple[Values, asyncio.Future[int]]


class Settlements:
    """Settles each message at once; those that become ready while a statement is under way share the next one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ready: dict[Statement, list[_Ready]] = {}
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, claimed: Claimed, settlement: Settlement, now: datetime) -> bool:
        """Record the outcome by compare-and-set on the claim; False if somebody else has it by now."""
        statement, outcome = _settling(settlement, now)
        return await self._written(statement, {**mine(claimed), **outcome})

    async def mark_unreadable(self, row: Row, now: datetime) -> None:
        """Mark a message dead that no key opens."""
        same = {"same_account_id": row["account_id"], "same_message_id": row["message_id"], "same_claim": row["claim"]}
        await self._written(_MARK_DEAD, {**same, "at": ms(now), "reason": "its content can't be read"})

    async def _written(self, statement: Statement, values: Values) -> bool:
        touched: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._ready.setdefault(statement, []).append((values, touched))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return bool(await touched)

    async def _write(self) -> None:
        """Write until nothing is ready; a fault reaches those whose statement it was."""
        try:
            while self._ready:
                statement, ready = next(iter(self._ready.items()))
                together, later = ready[:AT_ONCE], ready[AT_ONCE:]
                if later:
                    self._ready[statement] = later
                else:
                    del self._ready[statement]
                await self._write_together(statement, together)
        finally:
            self._writing = None

    async def _write_together(self, statement: Statement, ready: list[_Ready]) -> None:
        try:
            counts = await self._database.run_each(statement, [values for values, _ in ready])
        except Exception as fault:  # noqa: BLE001 - each of those who wait for it handles it
            for _, touched in ready:
                if not touched.cancelled():
                    touched.set_exception(fault)
            return
        for (_, touched), count in zip(ready, counts, strict=True):
            if not touched.cancelled():
                touched.set_result(count)


def mine(claimed: Claimed) -> dict[str, object]:
    """Name a message together with the claim on it."""
    message = claimed.message
    return {
        "same_account_id": message.account_id,
        "same_message_id": message.message_id,
        "same_claim": claimed.claim,
    }


def _settling(settlement: Settlement, now: datetime) -> tuple[Statement, dict[str, object]]:
    """A sent or expired message loses its content; a dead one keeps it, so that an operator can send it again."""
    match settlement:
        case Sent(provider_name):
            return _FINISH, {"new_state": MessageState.SENT.value, "at": ms(now), "reason": provider_name}
        case Expired():
            return _FINISH, {"new_state": MessageState.EXPIRED.value, "at": ms(now), "reason": None}
        case Dead(reason):
            return _MARK_DEAD, {"at": ms(now), "reason": reason}
        case Retry(at, reason, needs_operator):
            return _DEFER, {"at": ms(at), "reason": f"{NEEDS_OPERATOR}{reason}" if needs_operator else reason}
