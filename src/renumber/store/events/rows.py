"""The rows of events: their numbers sealed, everything else as receivers read it."""

import json
from collections.abc import Sequence
from secrets import token_hex

from sqlalchemy import and_, bindparam, delete, insert, null, update

from renumber.policies.events.types import Event, EventType, Published
from renumber.store.database.open import Row, Statement, Values
from renumber.store.records.mapper import Format, Sealer, cells_of, moment
from renumber.store.schema.events import event

MOST_OF_ONE_ACT = 16
_FORMAT = Format(event)

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
    row = {
        "account_id": one.account_id,
        "event_id": token_hex(16),
        "type": one.type.value,
        "at": one.at,
        "place": place,
        "data": json.dumps(dict(one.data)),
        "numbers": json.dumps(dict(one.numbers)) if one.numbers else None,
        "position": None,
    }
    return INSERT, _FORMAT.kept(row, sealer)


def event_from(row: Row, sealer: Sealer) -> Event:
    """Read an event; raises Unreadable if no key opens its numbers."""
    cells = _FORMAT.read(cells_of(row), sealer)
    return Event(
        account_id=cells["account_id"],
        type=EventType(cells["type"]),
        at=cells["at"],
        data=json.loads(cells["data"]),
        numbers=json.loads(cells["numbers"]) if cells["numbers"] else {},
    )


def published_from(row: Row) -> Published:
    """Read an event that has its position, without its numbers."""
    told = Event(
        account_id=row["account_id"], type=EventType(row["type"]), at=moment(row["at"]), data=json.loads(row["data"])
    )
    return Published(row["event_id"], row["position"], told)
