"""Reading events after a cursor, and what became of their deliveries to webhooks."""

from renumber.flows.ports.events import DeliveryRecord
from renumber.policies.events.types import EventType, Published
from renumber.policies.joins import Scope
from renumber.web.api.operations.operation import Operations
from renumber.web.api.operations.problems import Code, Problem
from renumber.web.api.operator.call import OperatorCall
from renumber.web.api.operator.reading import closed, opened
from renumber.web.api.operator.shapes import Delivery, DeliveryPage, Event, EventPage, EventPaging, Paging

operations = Operations()
OF_EVENTS, OF_DELIVERIES = "event ", "delivery "  # what a cursor is for: one of the other list is none


@operations.declare(
    "GET", "/events", scope=Scope.EVENTS, asks=EventPaging, gives=EventPage, refuses=(Code.CURSOR_NOT_VALID,)
)
async def list_events(call: OperatorCall, asked: EventPaging) -> EventPage | Problem:
    """List what happened after a cursor, in its order; whoever comes back with `next` misses nothing for 30 days."""
    after = _behind(call, asked.cursor, OF_EVENTS, first="0")
    if after is None:
        return Problem(code=Code.CURSOR_NOT_VALID)
    named = [name for name in asked.types.split(",") if name]
    unknown = [name for name in named if name not in list(EventType)]
    if unknown:
        return Problem(code=Code.NOT_VALID, detail=f"{unknown[0]} is no type of an event - at `$.types`")
    found = await call.operator.events.events_after(int(after), asked.limit, [EventType(name) for name in named])
    last = found[-1].position if found else int(after)
    following = closed(call, f"{OF_EVENTS}{last}")
    return EventPage(events=tuple(map(_event, found)), next=following, is_last=len(found) < asked.limit)


def _event(one: Published) -> Event:
    event = one.event
    data = {"account_id": event.account_id, **event.data}
    return Event(id=one.event_id, type=event.type, timestamp=event.at, data=data)


@operations.declare(
    "GET", "/deliveries", scope=Scope.EVENTS, asks=Paging, gives=DeliveryPage, refuses=(Code.CURSOR_NOT_VALID,)
)
async def list_deliveries(call: OperatorCall, asked: Paging) -> DeliveryPage | Problem:
    """List the deliveries to webhooks, the newest first, and what each receiver answered last."""
    after = _behind(call, asked.cursor, OF_DELIVERIES, first="")
    if after is None:
        return Problem(code=Code.CURSOR_NOT_VALID)
    found = await call.operator.events.deliveries(asked.limit + 1, after)
    shown = found[: asked.limit]
    following = closed(call, f"{OF_DELIVERIES}{shown[-1].cursor}") if len(found) > asked.limit else None
    return DeliveryPage(deliveries=tuple(map(_delivery, shown)), next=following)


def _delivery(one: DeliveryRecord) -> Delivery:
    return Delivery(
        id=one.delivery_id,
        webhook=one.webhook_id,
        event=one.event_id,
        account_id=one.account_id,
        state=one.state,
        attempts=one.attempts,
        created_at=one.created_at,
        due_at=one.due_at if one.settled_at is None else None,
        settled_at=one.settled_at,
        reason=one.reason or None,
    )


def _behind(call: OperatorCall, cursor: str, of: str, *, first: str) -> str | None:
    """Open a cursor of one of the lists; None for any other."""
    after = opened(call, cursor)
    if not after:
        return first if after == "" else None
    return after.removeprefix(of) if after.startswith(of) else None
