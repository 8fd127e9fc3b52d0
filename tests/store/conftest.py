"""The house on either database, with one person in it."""

from collections.abc import AsyncIterator

import pytest

from tests.builders import OLD
from tests.flows.person import PASSWORD, Person
from tests.flows.world import World, a_world


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """The house on SQLite, then on PostgreSQL."""
    async with a_world(database_url) as opened:
        yield opened


@pytest.fixture
async def erika(world: World) -> Person:
    """A person with a password, a mailbox and a phone."""
    return await a_person(world, "erika@example.com")


async def a_person(world: World, email: str) -> Person:
    """Enter somebody into the house."""
    return Person(world, await world.enter(email, PASSWORD, OLD), email, OLD)
