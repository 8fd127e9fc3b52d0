"""A state comes back from its row as it was saved, whatever it holds; what identifies a person is sealed in there."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete

from renumber.crypto.key_ring import KeyRing, key_id_of
from renumber.domain.push.device import Device, DeviceState
from renumber.policies.tally import Tally
from renumber.store.audit import append
from renumber.store.database.open import Database, Statement, open_database
from renumber.store.mappers import MAPPERS
from renumber.store.records import accounts
from renumber.store.records.mapper import Mapper
from renumber.store.schema.columns import Sealed, names_of
from tests.store.records.any_state import any_state

ALL: list[Mapper[Any]] = [accounts.mapper, *MAPPERS.values()]
RING = KeyRing.from_secret("a secret of at least thirty-two bytes")
Runs = tuple[asyncio.Runner, Database]


@pytest.fixture
def runs(database_url: str) -> Iterator[Runs]:
    """A migrated database without rows, in a loop of its own that outlives each example."""
    with asyncio.Runner() as runner:
        opened = open_database(database_url)
        runner.run(opened.start())
        yield runner, opened
        runner.run(opened.close())


@pytest.mark.parametrize("mapper", ALL, ids=lambda mapper: mapper.kind.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_state_comes_back_from_its_row_as_it_was_saved(runs: Runs, mapper: Mapper[Any], data: st.DataObject) -> None:
    runner, database = runs
    state = data.draw(any_state(mapper.kind))

    loaded = runner.run(_saved_and_loaded(database, mapper, state))

    assert loaded == replace(_as_kept(state), version=1)


async def _saved_and_loaded(database: Database, mapper: Mapper[Any], state: Any) -> Any:
    statement, row = mapper.saving(state, RING, **(_chain() if mapper is accounts.mapper else {}))
    mine = {"account_id": state.account_id, mapper.key: row[mapper.key]}
    await database.run(statement, row)
    [found] = await database.fetch(mapper.load, mine)
    await database.run(
        Statement(delete(mapper.table).where(mapper.table.c.account_id == bindparam("account_id"))), mine
    )
    kept = [bytes(found[name]) for name in names_of(Sealed, mapper.table) if found[name] is not None]
    assert {key_id_of(cell) for cell in kept} <= {RING.current}
    return mapper.read(found, RING)


def _chain() -> dict[str, object]:
    """The columns of an account's row that are its history's and its refusals'."""
    return {**append.head_columns(append.Head("", seq=0, hash=append.START), RING), **append.tally_columns(Tally())}


def _as_kept(state: Any) -> Any:
    """A device's state isn't kept beside the times that it follows from."""
    if not isinstance(state, Device):
        return state
    confirmed = DeviceState.CONFIRMED if state.confirmed_at else DeviceState.WAITING
    return replace(state, state=DeviceState.REMOVED if state.removed_at else confirmed)
