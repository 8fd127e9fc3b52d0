"""Entering many accounts at once."""

import asyncio
from pathlib import Path

import pytest

from renumber.crypto import KeyRing, add_key
from renumber.domain.account import INSTALLATION, NOBODIES
from renumber.domain.email_address import EmailAddress
from renumber.flows.account.create import Newcomer, enter_accounts
from renumber.store.database.open import counting
from renumber.store.new_accounts import AT_ONCE, NewAccountStore
from tests.builders import OLD
from tests.flows.person import Person
from tests.flows.world import World, a_world
from tests.store.hands_on import count


def a_newcomer(email: str) -> Newcomer:
    """Somebody to be entered."""
    return Newcomer(email=EmailAddress(email), name="Erika Muster", locale="de", number=OLD, password_hash="-")


async def enter(world: World, *emails: str) -> list[bool]:
    """Enter them in one transaction."""
    newcomers = [a_newcomer(email) for email in emails]
    return list(
        await enter_accounts(
            world.new_accounts, world.clock, world.keys, newcomers=newcomers, joins=world.services.joins
        )
    )


async def test_an_address_that_has_an_account_adds_nothing(world: World, erika: Person) -> None:
    assert await enter(world, "theo@example.com", erika.email.upper(), "ada@example.com") == [True, False, True]
    assert await count(world, "email_lookup") == 3
    assert await world.history((await found(world, "ada@example.com")) or "") == ["account_created"]


async def found(world: World, email: str) -> str | None:
    """The account of an address."""
    credentials = await world.services.store.credentials(EmailAddress(email).key, "")
    return credentials.account_id if credentials else None


async def test_an_address_twice_in_one_batch_gets_one_account(world: World) -> None:
    assert await enter(world, "ada@example.com", "Ada@Example.com") == [True, False]
    assert await count(world, "account") == 1 + len((*NOBODIES, INSTALLATION))


@pytest.mark.parametrize("size", [0, 1, 2, AT_ONCE, AT_ONCE + 1])
async def test_a_batch_of_any_size_is_entered_whole(world: World, size: int) -> None:
    emails = [f"p{number}@example.com" for number in range(size)]

    assert await enter(world, *emails) == [True] * size
    assert await enter(world, *emails) == [False] * size
    assert await count(world, "email_lookup") == size


async def test_a_full_batch_takes_few_statements(world: World) -> None:
    with counting() as counted:
        await enter(world, *(f"p{number}@example.com" for number in range(AT_ONCE)))

    assert (counted.statements, counted.commits) == (4, 1)


async def test_two_imports_of_the_same_addresses_at_once_enter_each_one_once(database_url: str) -> None:
    emails = [f"p{number}@example.com" for number in range(60)]
    async with a_world(database_url) as one, a_world(database_url) as other:
        orders = [enter(one, *emails), enter(other, *reversed(emails)), enter(one, *emails[30:], *emails[:30])]
        answers = await asyncio.gather(*orders)

        assert sum(map(sum, answers)) == len(emails)
        assert await count(one, "email_lookup") == len(emails)


async def test_an_address_looked_up_by_the_previous_key_is_still_taken(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    async with a_world(database_url, keys=KeyRing.from_file(path)) as world:
        await enter(world, "ada@example.com")
        add_key(path)
        new_accounts = NewAccountStore(world.database, KeyRing.from_file(path))

        newcomers = [a_newcomer("ada@example.com"), a_newcomer("theo@example.com")]
        assert await enter_accounts(
            new_accounts, world.clock, world.keys, newcomers=newcomers, joins=world.services.joins
        ) == [False, True]
