"""The Throttle port: password failures, counted in a transaction of their own."""

from collections.abc import Sequence
from datetime import datetime

from renumber.flows.ports import Bucket
from renumber.policies.limits import Limits, sign_in_open_at
from renumber.store.counters import locked_times, saving
from renumber.store.engine import Database
from renumber.store.unit_of_work import together


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
