"""Leases for tasks that one process at a time does, among all machines."""

from datetime import datetime

from sqlalchemy import bindparam, or_
from sqlalchemy.dialects.postgresql import insert

from renumber.store.database.open import Database, Statement
from renumber.store.records.mapper import ms
from renumber.store.schema import tables

_lease = tables.lease
_wish = insert(_lease).values(task=bindparam("task"), holder=bindparam("holder"), until=bindparam("until"))
_TAKE = Statement(
    _wish.on_conflict_do_update(
        index_elements=["task"],
        set_={"holder": _wish.excluded.holder, "until": _wish.excluded.until},
        where=or_(_lease.c.until <= bindparam("now"), _lease.c.holder == bindparam("holder")),
    ).returning(_lease.c.task)
)


class Lease:
    """A lease that ends at a given time, so that a process that dies leaves nothing locked."""

    def __init__(self, database: Database, task: str, holder: str) -> None:
        self._database = database
        self._names = {"task": task, "holder": holder}

    async def take(self, now: datetime, until: datetime) -> bool:
        """Take the lease or extend it; False while another process has it."""
        return bool(await self._database.run(_TAKE, {**self._names, "now": ms(now), "until": ms(until)}))
