"""Sliding windows of events, counted atomically across processes."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert

from renumber.flows.ports.store import Bucket, Quota
from renumber.policies.limits import Limits, allowed_at, sign_in_open_at
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement, Transaction, Values
from renumber.store.records.mapper import moment, ms
from renumber.store.schema import tables

KEPT = 1_024  # events per counter, more than any limit may be set to
MEMORY = timedelta(days=1)

counter = tables.counter
_SAVE = Statement(
    update(counter)
    .where(counter.c.counter_key == bindparam("same_key"))
    .values(times=bindparam("times"), expires_at=bindparam("expires_at"))
)
FORGET = Statement(delete(counter).where(counter.c.counter_key == bindparam("same_key")))


@cache
def _lock(count: int) -> Statement:
    """Lock these counters, making those that aren't there; the caller sorts the keys so that nobody waits in a ring."""
    rows = [
        {
            "counter_key": bindparam(f"key_{index}", type_=counter.c.counter_key.type),
            "times": bindparam("nothing", "[]"),
            "expires_at": bindparam("expires_at", type_=counter.c.expires_at.type),
        }
        for index in range(count)
    ]
    wish = insert(counter).values(rows)
    locked = wish.on_conflict_do_update(index_elements=["counter_key"], set_={"expires_at": wish.excluded.expires_at})
    return Statement(locked.returning(counter.c.counter_key, counter.c.times))


async def locked_times(
    tx: Transaction, counted: Sequence[tuple[bytes, ...]], now: datetime
) -> dict[tuple[bytes, ...], list[datetime]]:
    """Lock the counters, each under all of its keys, and give the times of their events."""
    ordered = sorted({key for keys in counted for key in keys})
    values: dict[str, object] = {f"key_{index}": key for index, key in enumerate(ordered)}
    rows = await tx.fetch(_lock(len(ordered)), {**values, "expires_at": ms(now + MEMORY)})
    found = {bytes(row["counter_key"]): [moment(at) for at in json.loads(row["times"])] for row in rows}
    return {
        keys: _merged(found[keys[0]], *(found[key] for key in keys[1:] if key != keys[0]), now=now) for keys in counted
    }


def _merged(current: list[datetime], *older: list[datetime], now: datetime) -> list[datetime]:
    """Join what was counted under older keys, else a rotation would start every limit anew.

    The counters of older keys stay: a process that doesn't know the new key yet still counts there. What was carried
    over once isn't counted again, since it is the same event.
    """
    if not older:
        return current
    events = Counter(current)
    for times in older:
        events |= Counter(at for at in times if at > now - MEMORY)
    return sorted(events.elements())


def saving(keys: tuple[bytes, ...], times: Sequence[datetime], now: datetime) -> tuple[Statement, Values]:
    """The statement that adds one event to a locked counter, under the current key."""
    kept = [ms(at) for at in times if at > now - MEMORY][-KEPT:]
    return _SAVE, {"same_key": keys[0], "times": json.dumps([*kept, ms(now)]), "expires_at": ms(now + MEMORY)}


def carried(times: dict[tuple[bytes, ...], list[datetime]], now: datetime) -> list[tuple[Statement, Values]]:
    """The statements that bring counts under the current key where no event is added: older keys will be dropped."""
    return [
        (_SAVE, {"same_key": keys[0], "times": json.dumps([ms(at) for at in events]), "expires_at": ms(now + MEMORY)})
        for keys, events in times.items()
        if events and len(set(keys)) > 1
    ]


async def take(
    tx: Transaction, quotas: Sequence[Quota], now: datetime
) -> tuple[datetime | None, list[tuple[Statement, Values]]]:
    """Say when the event will be allowed, or give the statements that count it."""
    times = await locked_times(tx, [quota.keys for quota in quotas], now)
    waits = [allowed_at(times[quota.keys], quota.allowances, now) for quota in quotas]
    latest = max((wait for wait in waits if wait), default=None)
    return latest, carried(times, now) if latest else [saving(one.keys, times[one.keys], now) for one in quotas]


class FailureThrottle:
    """Counts failures across accounts and processes."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def reserve(self, buckets: Sequence[Bucket], now: datetime) -> datetime | None:
        """Say when the next try is allowed and count nothing, or count one failure in the buckets counted ahead."""
        async with together(self._database) as tx:
            times = await locked_times(tx, [bucket.keys for bucket in buckets], now)
            waits = [sign_in_open_at(times[bucket.keys], bucket.free, self._limits, now=now) for bucket in buckets]
            latest = max((wait for wait in waits if wait), default=None)
            counted = [] if latest else [bucket.keys for bucket in buckets if bucket.counted_ahead]
            events = [saving(keys, times[keys], now) for keys in counted]
            for write in (*carried(times, now), *events):
                await tx.execute(*write)
        return latest
