"""A house with one person in it, on either database."""

from collections.abc import AsyncIterator

import pytest

from renumber.domain.phone_number import PhoneNumber
from tests.builders import OLD
from tests.flows.person import PASSWORD, Person
from tests.flows.world import World, a_world


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The house on SQLite."""
    async with a_world(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def either_world(database_url: str) -> AsyncIterator[World]:
    """The house on SQLite, then on PostgreSQL."""
    async with a_world(database_url) as opened:
        yield opened


@pytest.fixture
async def erika(world: World) -> Person:
    """A person with a password, a mailbox and a phone."""
    return await a_person(world)


async def a_person(world: World, email: str = "erika@example.com", number: PhoneNumber | None = OLD) -> Person:
    """Enter somebody into the house."""
    account_id = await world.enter(email, PASSWORD, number)
    return Person(world, account_id, email, number)
