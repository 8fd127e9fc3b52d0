"""The history is kept as long as its rules say; what is left verifies, and nothing altered is purged unseen."""

from dataclasses import replace
from datetime import timedelta

from renumber.domain.email_address import EmailAddress
from renumber.flows.services import nobody
from renumber.policies.audit.retention import HistoryRetention
from renumber.store.audit.upkeep import HistoryUpkeep
from tests.flows.person import Person
from tests.flows.world import World
from tests.store.conftest import a_person, erase
from tests.store.hands_on import change, look
from tests.store.history.long_chain import write_many
from tests.store.history.test_audit import findings, sign

YEAR = timedelta(days=365)
FOR_EVER = HistoryRetention(strangers=YEAR)


def upkeep(world: World, retention: HistoryRetention) -> HistoryUpkeep:
    return HistoryUpkeep(world.database, world.keys, retention)


async def rows_of(world: World, account_id: str) -> list[int]:
    """Read which rows of a history are there."""
    rows = await look(world, "SELECT seq FROM audit WHERE account_id = :id ORDER BY seq", id=account_id)
    return [row["seq"] for row in rows]


async def origins_of(world: World, account_id: str) -> list[bool]:
    """Tell of each row whether it says from where it came."""
    rows = await look(world, "SELECT origin FROM audit WHERE account_id = :id ORDER BY seq", id=account_id)
    return [row["origin"] is not None for row in rows]


async def test_without_rules_everything_is_kept(world: World, erika: Person) -> None:
    await erika.sign_in()
    world.clock.move(days=10_000)

    await upkeep(world, FOR_EVER).keep(world.clock.time)

    assert len(await rows_of(world, erika.account_id)) == 6


async def test_entries_go_when_their_time_is_over_and_the_rest_verifies(world: World, erika: Person) -> None:
    await write_many(world, erika.account_id, 1200)
    await sign(world)
    world.clock.move(days=366)
    await erika.sign_in()
    await sign(world)

    left = await upkeep(world, replace(FOR_EVER, entries=YEAR)).keep(world.clock.time)

    assert left == frozenset()
    assert await rows_of(world, erika.account_id) == list(range(1202, 1207))
    assert await findings(world) == []
    assert await findings(world, erika.account_id) == []


async def test_an_altered_row_is_not_laundered_by_its_age(world: World, erika: Person) -> None:
    theo = await a_person(world, "theo@example.com")
    await change(world, "UPDATE audit SET act = 'x' WHERE account_id = :id", id=erika.account_id)
    world.clock.move(days=366)

    left = await upkeep(world, replace(FOR_EVER, entries=YEAR)).keep(world.clock.time)

    assert left == {erika.account_id}
    assert await rows_of(world, erika.account_id) == [1]
    assert await rows_of(world, theo.account_id) == []
    assert any(erika.account_id in sentence for sentence in await findings(world))


async def test_the_history_of_an_erased_account_goes_whole_and_its_chain_still_verifies(
    world: World, erika: Person
) -> None:
    theo = await a_person(world, "theo@example.com")
    await erika.sign_in()
    await erase(world, erika)
    await sign(world)
    rules = upkeep(world, replace(FOR_EVER, erased=YEAR))
    await rules.keep(world.clock.time)
    before = await rows_of(world, erika.account_id), await findings(world)
    world.clock.move(days=366)

    await rules.keep(world.clock.time)

    assert before == ([1, 2, 3, 4, 5, 6, 7], [])
    assert await rows_of(world, erika.account_id) == []
    assert await rows_of(world, theo.account_id) == [1]
    assert await findings(world) == []
    await change(world, "DELETE FROM audit_start WHERE account_id = :id", id=erika.account_id)
    assert any("row 1: it is missing (and all up to row 7)" in sentence for sentence in await findings(world))


async def test_from_where_something_was_done_is_forgotten_before_what_was_done(world: World, erika: Person) -> None:
    await write_many(world, erika.account_id, 600)
    await sign(world)
    world.clock.move(days=366)
    await erika.browser.give_password(erika.email)
    await sign(world)
    rules = upkeep(world, replace(FOR_EVER, origins=YEAR))

    await rules.keep(world.clock.time)
    await rules.keep(world.clock.time)

    assert await origins_of(world, erika.account_id) == [False] * 601 + [True, True]
    assert await findings(world) == []


async def test_each_rule_leaves_the_others_history_alone(world: World, erika: Person) -> None:
    await erika.browser.give_password("nobody@example.com")
    strangers = nobody(world.services, EmailAddress("nobody@example.com").key)
    world.clock.move(days=366)

    await upkeep(world, replace(FOR_EVER, erased=YEAR)).keep(world.clock.time)

    assert (await rows_of(world, strangers), await rows_of(world, erika.account_id)) == ([], [1])
