"""Publishing: committed events get their positions, one after another, and a delivery for each webhook that hears them.

Positions follow no commit time: a transaction that began earlier may commit later, and a cursor would skip its events.
One row is locked while positions are given, so that whoever reads a position has seen all before it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from renumber.policies.events.types import EventType
from renumber.policies.joins import Webhook
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Row, Statement, Transaction, Values
from renumber.store.records.mapper import moment_or_none, ms
from renumber.store.schema.events import event, event_position, webhook_delivery, webhook_switch
from renumber.store.streams.enqueue import enqueue

AT_ONCE = 200  # events in one transaction
WAITING = "waiting"
_ORDER = "events"
_UNPUBLISHED = text("event.position IS NULL")  # written as in the index
_IS_DUE = and_(_UNPUBLISHED, event.c.at <= bindparam("now"))
_wish = upsert(event_position).values(name=bindparam("name"), position=0)
# Written even where nothing changes: that locks the row until the end of the transaction.
TURN = Statement(
    _wish.on_conflict_do_update(index_elements=["name"], set_={"position": event_position.c.position}).returning(
        event_position.c.position
    )
)
_ADVANCE = Statement(
    update(event_position).where(event_position.c.name == bindparam("same_name")).values(position=bindparam("last"))
)
_newer = event.alias("newer")
_RENEWED = Statement(
    delete(event).where(
        _IS_DUE,
        event.c.type == EventType.HOLD_ENDED.value,
        exists().where(
            _newer.c.account_id == event.c.account_id,
            _newer.c.type == EventType.HOLD_ENDED.value,
            _newer.c.position.is_(None),
            or_(_newer.c.at > event.c.at, and_(_newer.c.at == event.c.at, _newer.c.event_id > event.c.event_id)),
        ),
    )
)
_DUE = Statement(
    select(event.c.account_id, event.c.event_id, event.c.type, event.c.data)
    .where(_IS_DUE)
    .order_by(event.c.at, event.c.place, event.c.event_id)
    .limit(AT_ONCE)
)
_NEXT = Statement(select(func.min(event.c.at).label("at")).where(_UNPUBLISHED))
_PLACE = Statement(
    update(event)
    .where(event.c.account_id == bindparam("same_account_id"), event.c.event_id == bindparam("same_event_id"))
    .values(position=bindparam("position"))
)
INSERT_DELIVERY = Statement(
    insert(webhook_delivery).values({column.name: bindparam(column.name) for column in webhook_delivery.c})
)
_OFF = Statement(select(webhook_switch.c.webhook_id))


class EventPublisher:
    """The Publisher port: any number may run, and no event gets two positions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_at(self) -> datetime | None:
        """Read the time at which the next event is to be published; None if none waits."""
        return moment_or_none((await self._database.fetch(_NEXT))[0]["at"])

    async def publish(self, webhooks: Sequence[Webhook], now: datetime, *, receivers: Collection[str] = ()) -> int:
        """Publish some of the events that are due, the earliest first, and say how many.

        `receivers` are the keys whose streams hear of them too.
        """
        async with together(self._database) as tx:
            last = int((await tx.fetch(TURN, {"name": _ORDER}))[0]["position"])
            await tx.execute(_RENEWED, {"now": ms(now)})
            due = await tx.fetch(_DUE, {"now": ms(now)})
            await _place(tx, due, last)
            await _deliver(tx, due, now, webhooks=webhooks)
            if due and receivers:
                await enqueue(tx, due, last, owners=receivers, now=now)
        return len(due)


async def _place(tx: Transaction, due: Sequence[Row], last: int) -> None:
    if due:
        placed = [{**_same(row), "position": position} for position, row in enumerate(due, start=last + 1)]
        await tx.execute_many(_PLACE, placed)
        await tx.execute(_ADVANCE, {"same_name": _ORDER, "last": last + len(due)})


async def _deliver(tx: Transaction, due: Sequence[Row], now: datetime, *, webhooks: Sequence[Webhook]) -> None:
    off = {row["webhook_id"] for row in await tx.fetch(_OFF)} if due and webhooks else set()
    listening = [webhook for webhook in webhooks if webhook.webhook_id not in off]
    rows = [
        new_delivery(row, webhook.webhook_id, now) for row in due for webhook in listening if webhook.hears(row["type"])
    ]
    if rows:
        await tx.execute_many(INSERT_DELIVERY, rows)


def new_delivery(of: Row, webhook_id: str, now: datetime) -> Values:
    """The row of a delivery that is due now."""
    return {
        "account_id": of["account_id"],
        "delivery_id": token_hex(16),
        "event_id": of["event_id"],
        "webhook_id": webhook_id,
        "state": WAITING,
        "created_at": ms(now),
        "due_at": ms(now),
        "attempts": 0,
        "claim": None,
        "settled_at": None,
        "outcome": None,
    }


def _same(row: Row) -> dict[str, object]:
    return {"same_account_id": row["account_id"], "same_event_id": row["event_id"]}
