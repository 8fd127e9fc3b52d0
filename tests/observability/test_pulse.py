"""The database's pulse: what waits in it, found by small indexes, on both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import insert, text

from renumber.store import health
from renumber.store.database.open import Database, Statement, StoreUnavailable, open_database
from renumber.store.health import Health
from renumber.store.records.mapper import ms
from renumber.store.schema.operations import outbox
from tests.observability.requests import ACCOUNT

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
POST = Statement(insert(outbox))
numbers = count(1)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    await opened.start()
    yield opened
    await opened.close()


async def post(database: Database, times: int = 1, **more: object) -> None:
    """Put messages into the outbox."""
    at = ms(NOON)
    empty: dict[str, object] = dict.fromkeys(outbox.c.keys())
    message = {**empty, "account_id": ACCOUNT, "channel": "sms", "notice": "sign_in_code", "created_at": at}
    message |= {"due_at": at, "state": "waiting", "attempts": 0, "provider": 0, **more}
    async with database.transaction() as tx:
        for _ in range(times):
            await tx.execute(POST, {**message, "message_id": f"{next(numbers)}"})
        await tx.commit()


async def test_an_empty_outbox_has_no_backlog(database: Database) -> None:
    backlog = await Health(database).backlog(NOON)

    assert (backlog.waiting, backlog.claimed, backlog.dead, backlog.oldest_for) == (0, 0, 0, timedelta(0))


async def test_what_waits_is_counted_and_what_was_sent_is_not(database: Database) -> None:
    await post(database, 2)
    await post(database, created_at=ms(NOON - 3 * A_MINUTE), claim="x", claimed_until=ms(NOON + A_MINUTE))
    await post(database, claim="x", claimed_until=ms(NOON - A_MINUTE))
    await post(database, 3, state="dead", settled_at=ms(NOON), created_at=ms(NOON - 100 * A_MINUTE))
    await post(database, 4, state="sent", settled_at=ms(NOON), created_at=ms(NOON - 100 * A_MINUTE))

    backlog = await Health(database).backlog(NOON)

    assert (backlog.waiting, backlog.claimed, backlog.dead) == (4, 1, 3)
    assert backlog.oldest_for == 3 * A_MINUTE


async def test_counting_reads_only_indexes_of_what_waits_or_was_given_up(database: Database) -> None:
    await post(database, 3000, state="sent", settled_at=ms(NOON))
    await database.run(Statement(text("ANALYZE")))

    plans = [await plan(database, statement) for statement in (health._WAITING, health._DEAD)]

    assert "outbox_due" in plans[0]
    assert "outbox_dead" in plans[1]


async def plan(database: Database, statement: Statement) -> str:
    """How the database would go about it, with the values still unknown."""
    compiled = statement.sqlite if database.dialect == "sqlite" else statement.postgresql
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    sql = explain + compiled.sql.replace("$1::BIGINT", "0").replace("?", "0")
    rows = await database.fetch(Statement(text(sql)))
    return "\n".join(str(row[len(row) - 1]) for row in rows)


async def test_a_database_that_is_there_answers(database: Database) -> None:
    await Health(database).ping()


async def test_a_database_that_is_not_there_does_not(tmp_path: object) -> None:
    database = open_database("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(StoreUnavailable):
        await Health(database).ping()
