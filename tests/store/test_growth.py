"""Every table has its bound: nothing in the schema grows for ever without a word about it."""

from datetime import timedelta

import pytest
from sqlalchemy import Column

from renumber.policies.retention import PURGED_WITHIN, Retention
from renumber.store.housekeeping import ENDED, overdue
from renumber.store.schema.growth import BOUNDED, KEPT
from renumber.store.schema.tables import metadata
from tests.flows.person import Person
from tests.flows.world import World


def test_every_table_of_the_schema_has_its_bound() -> None:
    assert {*KEPT, *BOUNDED} == {*metadata.tables}
    assert not {*KEPT} & {*BOUNDED}


def test_what_is_kept_for_a_time_is_purged_by_the_housekeeping() -> None:
    assert {kind: table for table, kinds in KEPT.items() for kind in kinds} == {
        kind: ended.table.name for kind, ended in ENDED.items()
    }


@pytest.mark.parametrize("ended", ENDED.values(), ids=ENDED)
def test_what_is_purged_is_found_along_an_index(ended: Column[int]) -> None:
    assert [index for index in ended.table.indexes if index.columns[0] is ended]


async def test_what_was_never_purged_is_told_with_how_late_it_is(world: World, erika: Person) -> None:
    await erika.sign_in()
    retention = Retention()
    world.clock.move(seconds=(world.limits.session_for + retention.sessions + PURGED_WITHIN).total_seconds())

    at_its_end = await overdue(world.database, retention, world.clock.time)
    world.clock.move(hours=1)
    later = await overdue(world.database, retention, world.clock.time)

    assert "sessions" not in at_its_end
    assert later["sessions"] == PURGED_WITHIN + timedelta(hours=1)
