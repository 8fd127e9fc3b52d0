"""The signals of events for each stream, written in the transaction in which those are published."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import bindparam, select

from renumber.policies.events.signals import SUPPORTED, SignalType, signals_of
from renumber.policies.events.streams import StreamStatus
from renumber.policies.events.types import EventType
from renumber.store.database.open import Row, Statement, Transaction, Values
from renumber.store.schema.events import event
from renumber.store.schema.streams import left_out, stream
from renumber.store.streams.rows import INSERT_EVENT, STEPS, of_event

_LISTENING = Statement(
    select(stream.c.stream_id, stream.c.owner, stream.c.requested).where(stream.c.status != StreamStatus.DISABLED.value)
)
_LEFT_OUT = Statement(
    select(left_out.c.stream_id, left_out.c.account_id).where(
        left_out.c.account_id.in_(select(event.c.account_id).where(event.c.position > bindparam("last")))
    )
)


async def enqueue(
    tx: Transaction, published: Sequence[Row], last: int, *, owners: Collection[str], now: datetime
) -> None:
    """Let the streams of these keys have what was just published behind the position `last`."""
    listening = [row for row in await tx.fetch(_LISTENING) if row["owner"] in owners]
    if not listening:
        return
    silent = {(row["stream_id"], row["account_id"]) for row in await tx.fetch(_LEFT_OUT, {"last": last})}
    rows = [
        of_event(one, each["stream_id"], set_id=token_hex(16), kind=kind, place=place, now=now)
        for position, one in enumerate(published, start=last + 1)
        for place, kind in _signals(one, position)
        for each in listening
        if (each["stream_id"], one["account_id"]) not in silent and _is_requested(each, kind)
    ]
    await _insert(tx, rows)


async def _insert(tx: Transaction, rows: Sequence[Values]) -> None:
    if rows:
        await tx.execute_many(INSERT_EVENT, rows)


def _signals(row: Row, position: int) -> Iterator[tuple[int, SignalType]]:
    made = signals_of(EventType(row["type"]), json.loads(row["data"]))
    yield from ((position * STEPS + step, signal.type) for step, signal in enumerate(made))


def _is_requested(row: Row, kind: SignalType) -> bool:
    return kind in (SUPPORTED if row["requested"] is None else json.loads(row["requested"]))
