"""Sliding windows of events, counted atomically across processes."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from renumber.flows.ports.store import Bucket, Quota
from renumber.policies.limits import Limits, allowed_at, sign_in_open_at
from renumber.store.database.commit import together
from renumber.store.database.open import Database, Statement, Transaction, Values
from renumber.store.records.mapper import moment, ms
from renumber.store.schema import tables

KEPT = 1_024  # events per counter, more than any limit may be set to
MEMORY = timedelta(days=1)
NOTHING = "[]"
Times = Mapping[tuple[bytes, ...], Sequence[datetime]]

counter = tables.counter
_SAVE = Statement(
    update(counter)
    .where(counter.c.counter_key == bindparam("same_key"))
    .values(times=bindparam("times"), expires_at=bindparam("expires_at")),
    row=("same_key",),
)
FORGET = Statement(delete(counter).where(counter.c.counter_key == bindparam("same_key")), row=("same_key",))


@cache
def _lock(count: int) -> Statement:
    """Lock these counters, making those that aren't there; the caller sorts the keys so that nobody waits in a ring."""
    rows = [
        {
            "counter_key": bindparam(f"key_{index}", type_=counter.c.counter_key.type),
            "times": bindparam("nothing", NOTHING),
            "expires_at": bindparam("expires_at", type_=counter.c.expires_at.type),
        }
        for index in range(count)
    ]
    wish = insert(counter).values(rows)
    locked = wish.on_conflict_do_update(index_elements=["counter_key"], set_={"expires_at": wish.excluded.expires_at})
    return Statement(locked.returning(counter.c.counter_key, counter.c.times))


@cache
def _look(count: int) -> Statement:
    """Read these counters as they are, without a lock."""
    these = (counter.c.counter_key == bindparam(f"key_{index}") for index in range(count))
    return Statement(select(counter.c.counter_key, counter.c.times).where(or_(*these)))


async def locked_times(
    tx: Transaction, counted: Sequence[tuple[bytes, ...]], now: datetime
) -> dict[tuple[bytes, ...], list[datetime]]:
    """Lock the counters, each under all of its keys, and give the times of their events."""
    ordered = sorted({key for keys in counted for key in keys})
    values: dict[str, object] = {f"key_{index}": key for index, key in enumerate(ordered)}
    rows = await tx.fetch(_lock(len(ordered)), {**values, "expires_at": ms(now + MEMORY)})
    found = {bytes(row["counter_key"]): _times(row["times"]) for row in rows}
    return {
        keys: _merged(found[keys[0]], *(found[key] for key in keys[1:] if key != keys[0]), now=now) for keys in counted
    }


def _times(kept: str) -> list[datetime]:
    return [moment(at) for at in json.loads(kept)]


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


_new = insert(counter).values({column.name: bindparam(column.name) for column in counter.c})
_COUNT_UNCHANGED = Statement(
    _new.on_conflict_do_update(
        index_elements=["counter_key"],
        set_={"times": _new.excluded.times, "expires_at": _new.excluded.expires_at},
        where=counter.c.times == bindparam("seen"),
    ).returning(counter.c.counter_key)
)


class FailureThrottle:
    """Counts failures across accounts and processes."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def reserve(self, buckets: Sequence[Bucket], now: datetime) -> datetime | None:
        """Say when the next try is allowed and count nothing, or count one failure in the buckets counted ahead.

        One bucket under one key is counted without a lock, if nobody has counted there since it was read.
        """
        counted = [bucket.keys for bucket in buckets if bucket.counted_ahead]
        if len(counted) == 1 and all(len(set(bucket.keys)) == 1 for bucket in buckets):
            seen = await self._seen([bucket.keys[0] for bucket in buckets])
            times = {bucket.keys: _times(seen.get(bucket.keys[0], NOTHING)) for bucket in buckets}
            open_at = self._open_at(buckets, times, now)
            if open_at or await self._count(counted[0], times, now, seen=seen.get(counted[0][0], NOTHING)):
                return open_at
        return await self._reserve_locked(buckets, counted, now)

    async def _seen(self, keys: Sequence[bytes]) -> dict[bytes, str]:
        values = {f"key_{index}": key for index, key in enumerate(keys)}
        rows = await self._database.fetch(_look(len(keys)), values)
        return {bytes(row["counter_key"]): row["times"] for row in rows}

    async def _count(self, keys: tuple[bytes, ...], times: Times, now: datetime, *, seen: str) -> bool:
        row = saving(keys, times[keys], now)[1]
        values = {"counter_key": keys[0], "times": row["times"], "expires_at": row["expires_at"], "seen": seen}
        return bool(await self._database.run(_COUNT_UNCHANGED, values))

    async def _reserve_locked(
        self, buckets: Sequence[Bucket], counted: Sequence[tuple[bytes, ...]], now: datetime
    ) -> datetime | None:
        async with together(self._database) as tx:
            times = await locked_times(tx, [bucket.keys for bucket in buckets], now)
            latest = self._open_at(buckets, times, now)
            events = [] if latest else [saving(keys, times[keys], now) for keys in counted]
            for write in (*carried(times, now), *events):
                await tx.execute(*write)
        return latest

    def _open_at(self, buckets: Sequence[Bucket], times: Times, now: datetime) -> datetime | None:
        waits = [sign_in_open_at(times[bucket.keys], bucket.free, self._limits, now=now) for bucket in buckets]
        return max((wait for wait in waits if wait), default=None)
