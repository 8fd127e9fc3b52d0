"""An installation with one person in it, on either database."""

from collections.abc import AsyncIterator

import pytest

from tests.flows.person import Person, a_person
from tests.flows.world import World, a_world


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """An installation on SQLite."""
    async with a_world(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def either_world(database_url: str) -> AsyncIterator[World]:
    """An installation on SQLite, then on PostgreSQL."""
    async with a_world(database_url) as opened:
        yield opened


@pytest.fixture
async def erika(world: World) -> Person:
    """A person with a password, a mailbox and a phone."""
    return await a_person(world)
