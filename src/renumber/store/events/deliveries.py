"""Deliveries to webhooks: claimed by one sender at a time, settled by compare-and-set on the claim."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from sqlalchemy import and_, bindparam, func, null, select, text, tuple_, update

from renumber.flows.ports.services import Unreadable
from renumber.policies.events.webhooks import Again, Delivered, Delivery, DeliverySettlement, GivenUp
from renumber.store.database.open import Database, Row, Statement
from renumber.store.events.rows import event_from
from renumber.store.records.mapper import Sealer, moment_or_none, ms
from renumber.store.schema.events import event, webhook_delivery


class DeliveryState(StrEnum):
    """The state of a delivery; the last two are final."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


_delivery = webhook_delivery
_WAITING = text("webhook_delivery.state = 'waiting'")  # written as in the index
_ITS = _delivery.c.webhook_id == bindparam("webhook_id")
_DUE = (
    select(_delivery.c.account_id, _delivery.c.delivery_id)
    .where(_WAITING, _ITS, _delivery.c.due_at <= bindparam("now"))
    .order_by(_delivery.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
# A claim makes it due when the claim lapses, so that one index finds both.
_CLAIM = Statement(
    update(_delivery)
    .where(
        tuple_(_delivery.c.account_id, _delivery.c.delivery_id).in_(select(_DUE.c.account_id, _DUE.c.delivery_id)),
        _WAITING,
    )
    .values(claim=bindparam("claimant"), due_at=bindparam("until"), attempts=_delivery.c.attempts + 1)
    .returning(*_delivery.c)
)
_MINE = and_(
    _delivery.c.account_id == bindparam("same_account_id"),
    _delivery.c.delivery_id == bindparam("same_delivery_id"),
    _delivery.c.claim == bindparam("same_claim"),
    _WAITING,
)
_FINISH = Statement(
    update(_delivery)
    .where(_MINE)
    .values(state=bindparam("new_state"), settled_at=bindparam("at"), outcome=bindparam("reason"), claim=null())
    .returning(_delivery.c.delivery_id)
)
_DEFER = Statement(
    update(_delivery)
    .where(_MINE)
    .values(due_at=bindparam("at"), outcome=bindparam("reason"), claim=null())
    .returning(_delivery.c.delivery_id)
)
_RELEASE = Statement(
    update(_delivery)
    .where(_MINE)
    .values(attempts=_delivery.c.attempts - 1, due_at=bindparam("now"), claim=null())
    .returning(_delivery.c.delivery_id)
)
_NEXT = Statement(select(func.min(_delivery.c.due_at).label("at")).where(_WAITING, _ITS))
_EVENT = Statement(
    select(event).where(event.c.account_id == bindparam("account_id"), event.c.event_id == bindparam("event_id"))
)


class StoredDeliveries:
    """The Deliveries port."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def due_at(self, webhook_id: str) -> datetime | None:
        """Read the time at which the next delivery to a webhook can be claimed; None if none waits."""
        return moment_or_none((await self._database.fetch(_NEXT, {"webhook_id": webhook_id}))[0]["at"])

    async def claim(
        self, webhook_id: str, limit: int, claimant: str, *, now: datetime, until: datetime
    ) -> Sequence[Delivery]:
        """Take deliveries to one webhook that are due, or whose claim has lapsed; locked ones are skipped."""
        claim = f"{claimant} {token_hex(8)}"
        values = {"webhook_id": webhook_id, "limit": limit, "claimant": claim, "now": ms(now), "until": ms(until)}
        rows = await self._database.run(_CLAIM, values)
        claimed = [await self._opened(row, now) for row in rows]
        return [one for one in claimed if one]

    async def _opened(self, row: Row, now: datetime) -> Delivery | None:
        """Give up what is gone or can't be read: it must not hold up what comes behind it."""
        found = await self._database.fetch(_EVENT, {"account_id": row["account_id"], "event_id": row["event_id"]})
        try:
            told = event_from(found[0], self._sealer) if found else None
        except Unreadable:
            told = None
        if told is None:
            values = {"new_state": DeliveryState.GIVEN_UP.value, "at": ms(now), "reason": "its event is gone"}
            await self._database.run(_FINISH, {**_same(row), **values})
            return None
        return Delivery(
            delivery_id=row["delivery_id"],
            webhook_id=row["webhook_id"],
            event_id=row["event_id"],
            event=told,
            attempts=row["attempts"] - 1,
            claim=row["claim"],
        )

    async def settle(self, delivery: Delivery, settlement: DeliverySettlement, now: datetime) -> bool:
        """Record the outcome by compare-and-set on the claim; False if another sender has it by now."""
        statement, values = _settling(settlement, now)
        return bool(await self._database.run(statement, {**_mine(delivery), **values}))

    async def release(self, claimed: Sequence[Delivery], now: datetime) -> None:
        """Give claims back unsent, for a graceful stop."""
        for one in claimed:
            await self._database.run(_RELEASE, {**_mine(one), "now": ms(now)})


def _mine(delivery: Delivery) -> dict[str, object]:
    return {
        "same_account_id": delivery.event.account_id,
        "same_delivery_id": delivery.delivery_id,
        "same_claim": delivery.claim,
    }


def _same(row: Row) -> dict[str, object]:
    return {
        "same_account_id": row["account_id"],
        "same_delivery_id": row["delivery_id"],
        "same_claim": row["claim"],
    }


def _settling(settlement: DeliverySettlement, now: datetime) -> tuple[Statement, dict[str, object]]:
    match settlement:
        case Delivered():
            return _FINISH, {"new_state": DeliveryState.DELIVERED.value, "at": ms(now), "reason": None}
        case GivenUp(reason):
            return _FINISH, {"new_state": DeliveryState.GIVEN_UP.value, "at": ms(now), "reason": reason}
        case Again(at, reason):
            return _DEFER, {"at": ms(at), "reason": reason}
