"""An account that was suspended before its row knew so is known to be suspended after the migration."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from harness.postgres import in_a_thread
from renumber.crypto import KeyRing
from renumber.domain.factor import Factor, FactorStatus
from renumber.store.schema.migrate import configured, upgrade
from tests.flows.world import START, a_world
from tests.store.conftest import a_person


def go_back(connection: Connection) -> None:
    """Go back to the schema before the second factors."""
    command.downgrade(configured(Config(), connection), "0003")


def downgrade(url: str) -> None:
    """Go back on either database."""
    if url.startswith("sqlite:"):
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            go_back(connection)
        engine.dispose()
    else:
        asyncio.run(_downgrade_postgresql(url))


async def _downgrade_postgresql(url: str) -> None:
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(go_back)
    await engine.dispose()


async def test_what_was_suspended_before_is_suspended_after(database_url: str, tmp_path: Path) -> None:
    keys = KeyRing.from_file(tmp_path / "key")
    async with a_world(database_url, keys=keys) as world:
        erika, max_ = await a_person(world, "erika@example.com"), await a_person(world, "max@example.com")
        async with world.services.store.work(erika.account_id) as work:
            for factor in (Factor.PHONE, Factor.MAILBOX):
                work.keep(
                    FactorStatus(account_id=erika.account_id, factor=factor, wrong_in_a_row=10, suspended_at=START)
                )
            work.keep(FactorStatus(account_id=erika.account_id, factor=Factor.NEW_NUMBER, wrong_in_a_row=3))

    in_a_thread(downgrade, database_url)
    in_a_thread(upgrade, database_url)

    async with a_world(database_url, keys=keys) as world:
        account = await world.account(erika.account_id)
        assert account.suspended == {Factor.PHONE, Factor.MAILBOX}
        assert account.lost == frozenset()
        assert (await world.account(max_.account_id)).suspended == frozenset()


async def test_a_number_with_which_nobody_ever_signed_in_is_unproven_after(database_url: str, tmp_path: Path) -> None:
    keys = KeyRing.from_file(tmp_path / "key")
    async with a_world(database_url, keys=keys) as world:
        erika, max_ = await a_person(world, "erika@example.com"), await a_person(world, "max@example.com")
        await erika.sign_in()

    in_a_thread(downgrade, database_url)
    in_a_thread(upgrade, database_url)

    async with a_world(database_url, keys=keys) as world:
        unproven = [(await world.account(one.account_id)).numbers.is_unproven for one in (erika, max_)]
        assert unproven == [False, True]
