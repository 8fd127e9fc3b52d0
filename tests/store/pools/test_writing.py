"""A server on whose database nothing can be written says so to whoever sends people to it, and is back by itself."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from harness.postgres import PostgresServer, give_away, in_a_thread, running_postgres
from harness.small_disk import NoDisk, SmallDisk, small_disk
from renumber.cli.doctor.checks import check_disk
from renumber.cli.doctor.database import check_writing
from renumber.settings import Settings
from renumber.store.database.open import StoreUnavailable, open_database
from renumber.store.schema.migrate import upgrade
from renumber.store.writability import TRIED_EVERY
from tests.observability.service import Visitor, serving

WITHIN = TRIED_EVERY + 5  # seconds
PROTECTED = "ALTER SYSTEM SET default_transaction_read_only = {}"
FILL = "INSERT INTO counter SELECT ('fill' || g)::bytea, repeat('x', 50), 0 FROM generate_series({}, {}) g"


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """A disk that can be filled, where the kernel lets a test mount one: many containers don't, CI's own may not.

    What is left untried there is one of three causes; a server that takes no changes is tried everywhere.
    """
    try:
        with small_disk(24) as mounted:
            yield mounted
    except NoDisk as reason:
        pytest.skip(f"not tried: {reason}")


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[PostgresServer]:
    """A server that a test may protect."""
    with running_postgres() as server:
        yield server


async def told(visitor: Visitor, status: int) -> str:
    """Ask until it answers so, and give the words."""
    until = time.monotonic() + WITHIN
    while (reply := await visitor.get("/readyz")).status_code != status:
        assert time.monotonic() < until, reply.text
        await asyncio.sleep(0.1)
    return reply.text


async def wrong(url: str) -> str:
    """Give what `renumber doctor` finds wrong with writing."""
    database = open_database(url)
    await database.start()
    try:
        return (await check_writing(database)).wrong
    finally:
        await database.close()


async def test_a_postgresql_that_is_read_only_is_told(own_postgres: PostgresServer, tmp_path: Path) -> None:
    url = own_postgres.create("protected")
    in_a_thread(upgrade, url)
    async with serving(url, tmp_path / "key") as visitor:
        await told(visitor, 200)

        for each in (PROTECTED.format("on"), "SELECT pg_reload_conf()"):
            own_postgres.command(each)
        said, found, alive = await told(visitor, 503), await wrong(url), await visitor.get("/healthz")
        for each in (PROTECTED.format("off"), "SELECT pg_reload_conf()"):
            own_postgres.command(each)

        assert (said, alive.status_code) == ("the database takes no changes\n", 200)
        assert "takes no changes now: ReadOnlySQLTransactionError" in found
        await told(visitor, 200)
        assert await wrong(url) == ""


async def test_a_full_disk_under_postgresql_is_told_as_soon_as_an_act_finds_no_room(
    own_postgres: PostgresServer, disk: SmallDisk, tmp_path: Path
) -> None:
    (disk.folder / "tables").mkdir()
    give_away(disk.folder / "tables")
    own_postgres.command(f"CREATE TABLESPACE small LOCATION '{disk.folder / 'tables'}'")
    own_postgres.command("CREATE DATABASE crowded TABLESPACE small STRATEGY FILE_COPY")
    url = own_postgres.database("crowded")
    in_a_thread(upgrade, url)
    async with serving(url, tmp_path / "key", argon2_memory="8192", argon2_time="1") as visitor:
        await told(visitor, 200)

        disk.fill()
        await use_up_pages(url)
        await visitor.get("/sign-in")
        refused = await visitor.post("/sign-in", {"email": "nobody@example.com", "password": "none of ours"})
        said, found = await told(visitor, 503), await wrong(url)
        disk.empty()

        assert (refused.status_code, said) == (503, "the database takes no changes\n")
        assert "takes no changes now: DiskFullError" in found
        await told(visitor, 200)


async def use_up_pages(url: str) -> None:
    """Take what room there still is in the pages of the counters, in ever smaller parts."""
    connection, at = await asyncpg.connect(url), 0
    for rows in (200, 20, 1):
        try:
            for _ in range(500):
                at += rows
                await connection.execute(FILL.format(at - rows, at - 1))
        except asyncpg.DiskFullError:
            continue
    await connection.close()


async def test_a_full_disk_under_sqlite_is_told(sqlite_template: Path, disk: SmallDisk, tmp_path: Path) -> None:
    path = disk.folder / "renumber.db"
    shutil.copyfile(sqlite_template, path)
    url = f"sqlite:///{path}"
    async with serving(url, tmp_path / "key") as visitor:
        await told(visitor, 200)

        disk.fill()
        said, found = await told(visitor, 503), await wrong(url)
        disk.empty()

        assert said == "the database takes no changes\n"
        assert "SQLITE_FULL" in found
        await told(visitor, 200)


async def test_a_file_of_sqlite_that_is_read_only_stops_the_start(sqlite_template: Path, disk: SmallDisk) -> None:
    path = disk.folder / "renumber.db"
    shutil.copyfile(sqlite_template, path)
    disk.protect()
    settings = Settings.from_environment({"RENUMBER_DATABASE_URL": f"sqlite:///{path}"})

    with pytest.raises(StoreUnavailable, match="SQLite can't use its file"):
        await open_database(settings.database_url).start()

    assert [check.about for check in check_disk(settings) if "can't be written to" in check.wrong] == ["disk", "disk"]
