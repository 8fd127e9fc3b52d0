"""Sliding windows of events, counted atomically across processes."""

import json
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


async def locked_times(tx: Transaction, keys: Sequence[bytes], now: datetime) -> dict[bytes, list[datetime]]:
    """Lock the counters and give the times of their events."""
    ordered = sorted(set(keys))
    values: dict[str, object] = {f"key_{index}": key for index, key in enumerate(ordered)}
    rows = await tx.fetch(_lock(len(ordered)), {**values, "expires_at": ms(now + MEMORY)})
    return {bytes(row["counter_key"]): [moment(at) for at in json.loads(row["times"])] for row in rows}


def saving(key: bytes, times: Sequence[datetime], now: datetime) -> tuple[Statement, Values]:
    """The statement that adds one event to a locked counter."""
    kept = [ms(at) for at in times if at > now - MEMORY][-KEPT:]
    return _SAVE, {"same_key": key, "times": json.dumps([*kept, ms(now)]), "expires_at": ms(now + MEMORY)}


async def take(
    tx: Transaction, quotas: Sequence[Quota], now: datetime
) -> tuple[datetime | None, list[tuple[Statement, Values]]]:
    """Say when the event will be allowed, or give the statements that count it."""
    times = await locked_times(tx, [quota.key for quota in quotas], now)
    waits = [allowed_at(times[quota.key], quota.allowances, now) for quota in quotas]
    latest = max((wait for wait in waits if wait), default=None)
    return latest, [] if latest else [saving(quota.key, times[quota.key], now) for quota in quotas]


class FailureThrottle:
    """Counts failures across accounts and processes."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    async def reserve(self, buckets: Sequence[Bucket], now: datetime) -> datetime | None:
        """Say when the next try is allowed and count nothing, or count one failure in the buckets counted ahead."""
        async with together(self._database) as tx:
            times = await locked_times(tx, [bucket.key for bucket in buckets], now)
            waits = [sign_in_open_at(times[bucket.key], bucket.free, self._limits, now=now) for bucket in buckets]
            latest = max((wait for wait in waits if wait), default=None)
            if latest:
                return latest
            for bucket in (bucket for bucket in buckets if bucket.counted_ahead):
                await tx.execute(*saving(bucket.key, times[bucket.key], now))
        return None
