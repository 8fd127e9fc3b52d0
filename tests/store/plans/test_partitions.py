"""Over partitions, everything of an account is in one of each table, and a request looks nowhere else."""

from collections import Counter

from harness.postgres import in_a_thread
from renumber.flows.housekeeping import keep_house
from renumber.store.audit.checkpoints import Checkpoints
from renumber.store.database.open import open_database
from renumber.store.schema.migrate import upgrade
from renumber.store.schema.partitions import PARTITIONS, WHOLE, partition_keys
from renumber.store.schema.tables import metadata
from tests.builders import NEW
from tests.flows.person import Person, a_person
from tests.flows.world import a_world
from tests.store.hands_on import everything, look
from tests.store.history.test_audit import findings
from tests.store.plans.explained import Explained
from tests.store.plans.test_hot_paths import fill_with_others, sign_in_and_change

# Of all accounts by their nature: a queue is asked for whatever is due, whosever it is.
OF_ALL = ("WITH due AS",)


def spread(url: str) -> None:
    """Spread the tables of a database."""
    upgrade(url, partitions=PARTITIONS)


def test_every_table_is_spread_or_stays_whole_and_none_is_forgotten() -> None:
    assert {*partition_keys()} | WHOLE == {*metadata.tables}
    assert set(partition_keys().values()) == {"account_id", "email_key", "counter_key"}


async def test_each_statement_of_a_sign_in_and_a_change_touches_one_partition_of_a_table(postgresql_url: str) -> None:
    await fill_with_others(postgresql_url)
    in_a_thread(spread, postgresql_url)
    explained = Explained(open_database(postgresql_url))
    async with a_world(postgresql_url, database=explained) as world:
        person = await a_person(world)
        entered = len(explained.plans)
        await sign_in_and_change(world, person)

    several = [
        (table, sql)
        for sql, nodes in explained.plans[entered:]
        if not sql.startswith(OF_ALL)
        for table, touched in partitions_of({node.table for node in nodes}).items()
        if touched > max(1, sql.count(f"{table}.{partition_keys()[table]} = "))  # several counts are kept at once
    ]
    assert len(explained.plans) - entered > 40
    assert not several, "\n\n".join(map(str, several))


def partitions_of(touched: set[str]) -> Counter[str]:
    """Count the partitions of each table."""
    return Counter(name.rpartition("_p")[0] for name in touched if name.rpartition("_p")[0] in metadata.tables)


async def test_a_database_is_spread_with_all_that_is_in_it_and_goes_on(postgresql_url: str) -> None:
    async with a_world(postgresql_url) as world:
        erika = await a_person(world)
        await erika.change_number(NEW)
        await Checkpoints(world.database, world.keys, world.clock).write()
        before = sorted_rows(await everything(world))

    for _ in range(2):  # the second time changes nothing
        in_a_thread(spread, postgresql_url)

    async with a_world(postgresql_url) as world:
        assert sorted_rows(await everything(world)) == before
        kinds = await look(world, "SELECT relname FROM pg_class WHERE relkind = 'p'")
        again = Person(world=world, account_id=erika.account_id, email=erika.email, number=NEW)
        world.clock.move(hours=25)
        await again.sign_in()
        await keep_house(world.services, world.chores)
        assert {row["relname"] for row in kinds} == {*partition_keys()}
        assert await findings(world) == []


def sorted_rows(found: dict[str, list[dict[str, object]]]) -> dict[str, list[str]]:
    """Bring the rows of each table into an order of their own."""
    return {table: sorted(map(str, rows)) for table, rows in found.items()}
