"""Several writes in one round trip to PostgreSQL: each a part of one statement with data-modifying CTEs."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from renumber.store.database.statement import Statement, Write

_COUNT = "(SELECT count(*) FROM w{})"
_PLACE = re.compile(r"\$(\d+)")


def batches(writes: Sequence[Write]) -> Iterator[list[Write]]:
    """Cut the writes where two different statements touch one table, or one reads what another has touched.

    Parts of one statement run in no certain order and can't see each other's rows (PostgreSQL 7.8.4), so what
    depends on an earlier write goes into the next batch.
    """
    batch: list[Write] = []
    touching: dict[str, Statement] = {}
    for write in writes:
        if touching.setdefault(write[0].table, write[0]) is not write[0] or write[0].reads & touching.keys():
            yield batch
            batch, touching = [], {write[0].table: write[0]}
        batch.append(write)
    if batch:
        yield batch


@lru_cache(maxsize=512)
def joined(statements: tuple[Statement, ...]) -> str:
    """One statement that runs all of these and gives one row: how many rows each touched."""
    parts, taken = [], 0
    for index, statement in enumerate(statements):
        compiled = statement.postgresql
        parts.append(f"w{index} AS ({_shifted(compiled.sql, taken)} RETURNING 1)")
        taken += len(compiled.names)
    counts = ", ".join(_COUNT.format(index) for index in range(len(parts)))
    return f"WITH {', '.join(parts)} SELECT {counts}"


def _shifted(sql: str, by: int) -> str:
    return _PLACE.sub(lambda place: f"${int(place.group(1)) + by}", sql)
