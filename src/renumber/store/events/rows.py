"""The rows of events: their numbers sealed, everything else as receivers read it."""

import json
from collections.abc import Sequence
from secrets import token_hex

from sqlalchemy import and_, bindparam, delete, insert, null, update

from renumber.policies.events.types import Event, EventType, Published
from renumber.store.database.open import Row, Statement, Values
from renumber.store.records.mapper import Columns, Sealer, moment, ms
from renumber.store.schema.events import event

MOST_OF_ONE_ACT = 16

INSERT = Statement(insert(event).values({column.name: bindparam(column.name) for column in event.c}))
_OF_ACCOUNT = event.c.account_id == bindparam("same_account_id")
FORGET_NUMBERS = Statement(update(event).where(_OF_ACCOUNT).values(numbers=null()))
FORGET_UNPUBLISHED = Statement(
    delete(event).where(and_(_OF_ACCOUNT, event.c.position.is_(None), event.c.type == EventType.HOLD_ENDED.value))
)


def insertions(events: Sequence[Event], sealer: Sealer, *, after: int) -> list[tuple[Statement, Values]]:
    """The statements that write the events of one act, in their order; `after` so many rows of the account's history.

    Acts of one millisecond keep the order of the history.
    """
    return [_insertion(one, after * MOST_OF_ONE_ACT + place, sealer) for place, one in enumerate(events)]


def _insertion(one: Event, place: int, sealer: Sealer) -> tuple[Statement, Values]:
    columns = Columns(sealer, event.name, one.account_id)
    return INSERT, {
        "account_id": one.account_id,
        "event_id": token_hex(16),
        "type": one.type.value,
        "at": ms(one.at),
        "place": place,
        "data": json.dumps(dict(one.data)),
        "numbers": columns.seal("numbers", json.dumps(dict(one.numbers)) if one.numbers else None),
        "position": None,
    }


def event_from(row: Row, sealer: Sealer) -> Event:
    """Read an event; raises Unreadable if no key opens its numbers."""
    columns = Columns(sealer, event.name, row["account_id"])
    numbers = columns.unseal("numbers", row["numbers"])
    return Event(
        account_id=row["account_id"],
        type=EventType(row["type"]),
        at=moment(row["at"]),
        data=json.loads(row["data"]),
        numbers=json.loads(numbers) if numbers else {},
    )


def published_from(row: Row) -> Published:
    """Read an event that has its position, without its numbers."""
    told = Event(
        account_id=row["account_id"], type=EventType(row["type"]), at=moment(row["at"]), data=json.loads(row["data"])
    )
    return Published(row["event_id"], row["position"], told)
