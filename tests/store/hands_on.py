"""Reaching into the database past everything that guards it."""

from typing import Any

from sqlalchemy import text

from renumber.store.database.open import Row, Statement
from renumber.store.schema.tables import metadata
from tests.flows.world import World


async def look(world: World, sql: str, **values: object) -> list[Row]:
    """Run any query."""
    return await world.database.fetch(Statement(text(sql)), values)


async def change(world: World, sql: str, **values: object) -> None:
    """Write past every guard of the service."""
    await world.database.run(Statement(text(sql)), values)


async def count(world: World, table: str) -> int:
    """Count the rows of a table."""
    return int((await look(world, f"SELECT count(*) AS found FROM {table}"))[0]["found"])  # noqa: S608


async def everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """Read every row of every table."""
    return {name: await _rows(world, name) for name in metadata.tables}


async def _rows(world: World, table: str) -> list[dict[str, Any]]:
    rows = await look(world, f"SELECT * FROM {table}")  # noqa: S608
    return [dict(zip(row.keys(), list(row), strict=True)) for row in rows]
