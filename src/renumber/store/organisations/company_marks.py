"""Reading what has changed for the pages of companies that are open in this process, in one query."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, cast, func, literal_column, null, select, union_all

from renumber.flows.support.live import MOST_AT_ONCE, Mark
from renumber.store.database.open import Database, Row, Statement
from renumber.store.records.mapper import moment, ms
from renumber.store.schema import tables

MOVING_FOR = timedelta(days=30)
"""How old a change can be and still be looked at: one that waits or is pressed is younger."""
TIMES, COUNTS = ("time_1", "time_2", "time_3"), ("count_1", "count_2")
_account, _change = tables.account, tables.phone_change
_case, _organisation = tables.support.recovery_case, tables.support.organisation
# As many places as one query has for ids; a list would be planned anew for each length.
_PLACES: list[Any] = [bindparam(f"organisation_{place}") for place in range(MOST_AT_ONCE)]


def _part(order: int, key: Any, *, times: Sequence[Any], counts: Sequence[Any]) -> Select[Any]:
    named = zip((*TIMES, *COUNTS), (*times, *counts), strict=True)
    return select(
        literal_column(str(order)).label("part"), key.label("key"), *(each.label(name) for name, each in named)
    )


def _sum(column: Any) -> Any:
    return cast(func.sum(column), BigInteger)


def _of_its_people(table: Any, *, organisation_id: Any) -> Any:
    """Of those alone who belong to it now, as on its page."""
    here = and_(_account.c.account_id == table.c.account_id, _account.c.organisation_id == organisation_id)
    return table.join(_account, here)


_NONE = cast(null(), BigInteger)
_organisations = _part(
    0,
    _organisation.c.account_id,
    times=(_organisation.c.created_at, _NONE, _NONE),
    counts=(cast(_organisation.c.version, BigInteger), _NONE),
).where(_organisation.c.account_id.in_(_PLACES))
_changes = (
    _part(
        1,
        _change.c.organisation_id,
        times=(
            func.max(_change.c.requested_at),
            func.max(_change.c.company_answered_at),
            func.max(func.coalesce(_change.c.closed_at, _change.c.reset_at, _change.c.link_sent_at)),
        ),
        counts=(_sum(_change.c.version), _sum(_change.c.requested_at)),
    )
    .select_from(_of_its_people(_change, organisation_id=_change.c.organisation_id))
    .where(_change.c.organisation_id.in_(_PLACES), _change.c.requested_at > bindparam("moving_since"))
    .group_by(_change.c.organisation_id)
)
_cases = (
    _part(
        2,
        _account.c.organisation_id,
        times=(func.max(_case.c.opened_at), func.max(_case.c.submitted_at), _NONE),
        counts=(_sum(_case.c.version), _sum(_case.c.opened_at)),
    )
    .select_from(_case.join(_account, _account.c.account_id == _case.c.account_id))
    .where(_case.c.is_open, _account.c.organisation_id.in_(_PLACES))
    .group_by(_account.c.organisation_id)
)
COMPANY_CHANGES = Statement(union_all(_organisations, _changes, _cases))


async def company_marks(database: Database, organisation_ids: Iterable[str], now: datetime) -> Mapping[str, Mark]:
    """Read the marks of these organisations; one that isn't there any more has none."""
    wanted = [*organisation_ids]
    places = {f"organisation_{n}": wanted[n] if n < len(wanted) else "" for n in range(MOST_AT_ONCE)}
    rows = await database.fetch(COMPANY_CHANGES, {**places, "moving_since": ms(now - MOVING_FOR)})
    there = [row["key"] for row in rows if row["part"] == 0]
    return {key: _mark([row for row in rows if row["key"] == key]) for key in there}


def _mark(rows: Sequence[Row]) -> Mark:
    in_order = sorted(rows, key=lambda row: int(row["part"]))
    times = [row[name] or 0 for row in in_order for name in TIMES]
    counts = (":".join(str(row[name] or 0) for name in ("part", *COUNTS)) for row in in_order)
    return Mark(moment(max(times)), ".".join((str(max(times)), *counts)))
