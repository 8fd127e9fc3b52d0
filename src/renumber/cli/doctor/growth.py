"""Checks that nothing grows without a bound: what is kept for a time is purged when it is over."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from renumber.cli.console import Check
from renumber.policies.retention import Retention
from renumber.store.database.open import Database
from renumber.store.housekeeping import overdue
from renumber.store.schema.growth import BOUNDED, KEPT

ABOUT = "bounds of the tables"


async def check_growth(database: Database, now: datetime, *, full: bool) -> AsyncIterator[Check]:
    """Name what should have been purged long ago, and with `full` the bound of every table."""
    retention = Retention()
    late = await overdue(database, retention, now)
    for kind, past in late.items():
        yield Check(
            ABOUT,
            f"The oldest of the {kind.replace('_', ' ')} should have been purged {past.days} days ago: "
            "does `renumber serve` or `work` run, and is `housekeeping_failed` in its log?",
        )
    if not late:
        yield Check(ABOUT, note=f"{len(KEPT) + len(BOUNDED)} tables, nothing is overdue; `--full` lists them")
    if full:
        for table, bound in sorted({**{name: _kept(name, retention) for name in KEPT}, **BOUNDED}.items()):
            yield Check(f"table {table}", note=bound)


def _kept(table: str, retention: Retention) -> str:
    return ", ".join(_kept_for(kind, getattr(retention, kind)) for kind in KEPT[table])


def _kept_for(kind: str, time: timedelta) -> str:
    after = f"{time.days} days after" if time else "at"
    return f"{kind.replace('_', ' ')} are purged {after} their end"
