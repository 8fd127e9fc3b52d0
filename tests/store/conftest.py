"""An installation on either database, with one person in it."""

from collections.abc import AsyncIterator

import pytest

from renumber.flows.account.erase import erase_account
from renumber.store.erasure import AccountErasure
from tests.builders import OLD
from tests.flows.person import PASSWORD, Person
from tests.flows.world import World, a_world


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An installation on SQLite, then on PostgreSQL."""
    async with a_world(database_url) as opened:
        yield opened


@pytest.fixture
async def erika(world: World) -> Person:
    """A person with a password, a mailbox and a phone."""
    return await a_person(world, "erika@example.com")


async def a_person(world: World, email: str) -> Person:
    """Create an account for somebody."""
    account_id = await world.enter(email, PASSWORD, OLD)
    return Person(world=world, account_id=account_id, email=email, number=OLD)


def the_same_person(person: Person, world: World) -> Person:
    """Meet somebody again in another installation on the same database, with a fresh browser."""
    return Person(world=world, account_id=person.account_id, email=person.email, number=person.number)


async def erase(world: World, person: Person) -> None:
    """Erase somebody's account, as the command does."""
    await erase_account(
        AccountErasure(world.database, world.keys), person.account_id, world.clock.time, joins=world.services.joins
    )
