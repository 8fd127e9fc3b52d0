"""A database that explains each statement before it runs it: with the plan that is kept for all values, and as it went.

What was explained is undone, so that the statement finds everything as it was.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import text

from renumber.store.database.batches import batches, joined
from renumber.store.database.interface import Count, Database, Row, Transaction
from renumber.store.database.statement import NOTHING, Statement, Values, Write
from renumber.store.schema.tables import metadata

# Indexes of what is open, waits or was given up: never many of all rows.
PARTIAL = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["postgresql"]["where"] is not None
}


# Statements that take some hundred rows at once take a good part of the tables of a test: these ways are cheaper there
# alone, and shut out for them.
WAYS_OF_SMALL_TABLES = ("seqscan", "hashjoin", "mergejoin")


@dataclass(frozen=True)
class Node:
    """A step of a plan that ran: its kind, the table that it read or wrote, and its index."""

    kind: str
    table: str
    index: str
    condition: str

    @property
    def reads_all(self) -> bool:
        """Say whether it goes through the table, or through an index without looking for anything in it."""
        return "Scan" in self.kind and not self.condition and self.index not in PARTIAL


@dataclass
class Explained:
    """The statements that were run, with the steps of their plans."""

    database: Database
    plans: list[tuple[str, list[Node]]] = field(default_factory=list)
    ran: list[Statement] = field(default_factory=list)
    dialect: Literal["postgresql"] = "postgresql"

    @property
    def count(self) -> Count:
        return self.database.count

    async def start(self) -> None:
        await self.database.start()

    async def close(self) -> None:
        await self.database.close()

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        async with self.database.transaction() as tx:
            await self.explain_one(tx, statement, values)
        return await self.database.fetch(statement, values)

    async def run(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        async with self.database.transaction() as tx:
            await self.explain_one(tx, statement, values)
        return await self.database.run(statement, values)

    async def run_each(self, statement: Statement, rows: Sequence[Values]) -> list[int]:
        self.ran += [statement] * len(rows)
        args = [value for values in rows for value in statement.postgresql.args(values)]
        async with self.database.transaction() as tx:
            await self.explain(tx, joined((statement,) * len(rows)), args)
        return await self.database.run_each(statement, rows)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self.database.transaction() as tx:
            yield _ExplainedTransaction(tx, self)

    async def explain_one(self, tx: Transaction, statement: Statement, values: Values) -> None:
        """Explain one statement; looking at statistics is none that has a plan."""
        self.ran.append(statement)
        if statement.postgresql.sql.startswith("ANALYZE"):
            return
        await self.explain(tx, statement.postgresql.sql, statement.postgresql.args(values))

    async def explain(self, tx: Transaction, sql: str, args: Sequence[object]) -> None:
        """Prepare it as the driver would, run it, and put everything back."""
        given = f"({', '.join(map(_literal, args))})" if args else ""
        await _raw(tx, "SAVEPOINT explained")
        await _raw(tx, "SET LOCAL plan_cache_mode = force_generic_plan")
        for way in WAYS_OF_SMALL_TABLES if sql.startswith("WITH chosen") or "$500" in sql else ():
            await _raw(tx, f"SET LOCAL enable_{way} = off")
        await _raw(tx, f"PREPARE explained AS {sql}")
        self.plans.append((sql, await _steps(tx, f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained {given}")))
        await _raw(tx, "ROLLBACK TO SAVEPOINT explained")
        await _raw(tx, "DEALLOCATE explained")


class _ExplainedTransaction:
    def __init__(self, tx: Transaction, explained: Explained) -> None:
        self._tx, self._explained = tx, explained

    async def fetch(self, statement: Statement, values: Values = NOTHING) -> list[Row]:
        await self._explain(statement, values)
        return await self._tx.fetch(statement, values)

    async def execute(self, statement: Statement, values: Values = NOTHING) -> int:
        await self._explain(statement, values)
        return await self._tx.execute(statement, values)

    async def execute_all(self, writes: Sequence[Write]) -> list[int]:
        touched: list[int] = []
        for batch in batches(writes):
            self._explained.ran += [statement for statement, _ in batch]
            args = [value for statement, values in batch for value in statement.postgresql.args(values)]
            await self._explained.explain(self._tx, joined(tuple(statement for statement, _ in batch)), args)
            touched += await self._tx.execute_all(batch)
        return touched

    async def execute_many(self, statement: Statement, rows: Sequence[Values]) -> None:
        for row in rows[:1]:
            await self._explain(statement, row)
        await self._tx.execute_many(statement, rows)

    async def commit(self) -> None:
        await self._tx.commit()

    async def _explain(self, statement: Statement, values: Values) -> None:
        await self._explained.explain_one(self._tx, statement, values)


async def _steps(tx: Transaction, sql: str) -> list[Node]:
    plan = (await _raw(tx, sql))[0][0]
    return _nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


async def _raw(tx: Transaction, sql: str) -> list[Row]:
    return await tx.fetch(Statement(text(sql.replace(":", "\\:"))))


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    return "'" + str(value).replace("'", "''") + "'"


def _nodes(plan: dict[str, Any]) -> list[Node]:
    """Give each step that ran at all; what was pruned did not."""
    found: list[Node] = []
    if "Relation Name" in plan and plan.get("Actual Loops", 1):
        conditions = [str(plan[name]) for name in ("Index Cond", "Recheck Cond") if name in plan]
        index = plan.get("Index Name", "")
        found.append(Node(plan["Node Type"], plan["Relation Name"], index, "; ".join(conditions)))
    for part in plan.get("Plans", ()):
        found += _nodes(part)
    return found
