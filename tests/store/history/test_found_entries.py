"""Entries that somebody looks for: every filter has an index on either database, and each finds what it says."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from renumber.domain.audit.entries import ChainedEntry, EntryFilter, Outcome, TimeRange
from renumber.flows.audit.ports import NEWEST, ListPlace
from renumber.store.audit.entries import AuditEntries
from renumber.store.audit.found import StoredEntries, asked, statement_of
from renumber.store.database.open import Database, Row, Statement, open_database
from renumber.store.records.mapper import moment

STAFF, SOMEBODY = "a" * 32, "b" * 32
MINUTE = 60_000
ROWS = 20_000
# Twenty owners' entries a minute; an agent's, an operator's and a frozen account are rare among them.
FILL = f"""
INSERT INTO audit (account_id, seq, at, actor, act, subject, evidence, origin_digest, hash)
SELECT CASE WHEN n % 50 = 0 THEN '{SOMEBODY}' ELSE 'c' || (n % 997) END, n, n * {MINUTE},
  CASE WHEN n % 1000 = 0 THEN 'agent' WHEN n % 1500 = 1 THEN 'operator' WHEN n % 9 = 0 THEN 'visitor' ELSE 'owner' END,
  CASE WHEN n % 2000 = 7 THEN 'account_frozen' WHEN n % 10 = 3 THEN 'refused:wrong_code' ELSE 'signed_in' END,
  '', CASE WHEN n % 1000 = 0 THEN 'agent {STAFF}' ELSE 'password' END, DIGEST, DIGEST
FROM numbers
"""  # noqa: S608 - our own
NUMBERS = {
    "sqlite": f"WITH RECURSIVE numbers(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < {ROWS})",  # noqa: S608 - our own
    "postgresql": f"WITH numbers AS (SELECT generate_series(1, {ROWS}) AS n)",
}
DIGESTS = {"sqlite": "X'64'", "postgresql": "'d'::bytea"}
LAST_DAY = TimeRange(moment(ROWS * MINUTE) - timedelta(days=1), moment(ROWS * MINUTE))
BY_INDEX = {
    "all": (EntryFilter(), "audit_recent"),
    "a time": (EntryFilter(times=LAST_DAY), "audit_recent"),
    "refusals": (EntryFilter(outcome=Outcome.REFUSED), "audit_recent"),
    "an owner": (EntryFilter(actor="owner"), "audit_recent"),
    "an act": (EntryFilter(act="account_frozen"), "audit_act"),
    "an actor": (EntryFilter(actor="operator"), "audit_actor"),
    "one of staff": (EntryFilter(staff_id=STAFF), "audit_staff"),
    "one account": (EntryFilter(account_id=SOMEBODY, outcome=Outcome.DONE), "primary"),
}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with many entries."""
    database = open_database(database_url)
    await database.start()
    into, _, chosen = FILL.replace("DIGEST", DIGESTS[database.dialect]).partition("SELECT")
    fill = f"{into} {NUMBERS[database.dialect]} SELECT {chosen}"
    await database.run(Statement(text(fill)))
    await database.run(Statement(text("ANALYZE")))
    yield database
    await database.close()


async def plan(database: Database, wanted: EntryFilter) -> str:
    """How the database goes about the query."""
    shape, values = asked(wanted, NEWEST, 50)
    statement = statement_of(shape)
    compiled = statement.sqlite if database.dialect == "sqlite" else statement.postgresql
    explaining = Statement(text("SELECT 1"))
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    object.__setattr__(explaining, database.dialect, replace(compiled, sql=explain + compiled.sql))
    rows: list[Row] = await database.fetch(explaining, values)
    shown = "\n".join(str(row[len(row) - 1]) for row in rows)
    return re.sub(r"\baudit_p\d\d", "audit", shown)  # an index of a partition, by the name of the whole's


async def test_each_filter_is_served_by_an_index_and_finds_what_it_says(database: Database) -> None:
    entries, primary = StoredEntries(database), {"sqlite": "sqlite_autoindex_audit", "postgresql": "audit_pkey"}
    for name, (wanted, index) in BY_INDEX.items():
        shown = await plan(database, wanted)
        expected = primary[database.dialect] if index == "primary" else index
        assert expected in shown, (name, shown)
        assert "Seq Scan" not in shown, (name, shown)

    found = {name: await entries.found(wanted, NEWEST, 50) for name, (wanted, _) in BY_INDEX.items()}

    assert {entry.act for entry in found["an act"]} == {"account_frozen"}
    assert {entry.actor for entry in found["an actor"]} == {"operator"}
    assert {entry.evidence for entry in found["one of staff"]} == {f"agent {STAFF}"}
    assert len(found["one of staff"]) == ROWS / 1000
    assert {entry.account_id for entry in found["one account"]} == {SOMEBODY}
    assert {entry.act for entry in found["refusals"]} == {"refused:wrong_code"}
    assert all(entry.at >= LAST_DAY.since for entry in found["a time"] if LAST_DAY.since)
    assert [entry.at for entry in found["all"]] == sorted((entry.at for entry in found["all"]), reverse=True)


async def test_pages_of_a_list_and_of_an_export_hold_each_entry_once(database: Database) -> None:
    entries, wanted = StoredEntries(database), EntryFilter(actor="visitor", times=LAST_DAY)
    place: ListPlace = NEWEST
    seen: list[ChainedEntry] = []
    while page := await entries.found(wanted, place, 40):
        seen += page
        place = ListPlace(round(page[-1].at.timestamp() * 1000), page[-1].account_id, page[-1].seq)

    exported = [entry async for page in AuditEntries(database).in_order(None, times=LAST_DAY) for entry in page]

    assert len(seen) == len({entry.key for entry in seen}) == sum(entry.actor == "visitor" for entry in exported) > 120
    assert len(exported) == len({entry.key for entry in exported}) == 24 * 60
    assert exported == sorted(exported, key=lambda entry: entry.at)
