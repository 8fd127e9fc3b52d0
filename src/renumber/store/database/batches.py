"""Several writes in one round trip to PostgreSQL: each a part of one statement with data-modifying CTEs."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from renumber.store.database.statement import Statement, Write

_COUNT = "(SELECT count(*) FROM w{})"
_PLACE = re.compile(r"\$(\d+)")


def batches(writes: Sequence[Write]) -> Iterator[list[Write]]:
    """Cut the writes where two different statements may touch one row, or one reads a table that another has touched.

    Parts of one statement run in no certain order and can't see each other's rows (PostgreSQL 7.8.4), so what
    depends on an earlier write goes into the next batch.
    """
    batch: list[Write] = []
    for write in writes:
        if any(_depends(write, earlier) for earlier in batch):
            yield batch
            batch = []
        batch.append(write)
    if batch:
        yield batch


def _depends(write: Write, earlier: Write) -> bool:
    (statement, _), (other, _) = write, earlier
    if other.table in statement.reads:
        return True
    if statement is other or statement.table != other.table:
        return False
    return not (statement.row and other.row) or _row(write) == _row(earlier)


def _row(write: Write) -> list[object]:
    statement, values = write
    return [values[name] for name in statement.row]


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
