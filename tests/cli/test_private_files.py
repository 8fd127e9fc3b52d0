"""What lies on the disk is for its owner alone: the files of SQLite, and the keys that open them (SECURITY 54)."""

import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from harness.ports import free_port
from harness.postgres import stop
from renumber.store.database.open import open_database
from tests.cli.operator import Operator

OPENS_WITHIN = 60  # seconds
FILES = ("renumber.db", "renumber.db-shm", "renumber.db-wal")


@pytest.fixture
def fresh(tmp_path: Path) -> Operator:
    """An operator whose database isn't there yet."""
    return Operator(f"sqlite:///{tmp_path}/renumber.db", tmp_path)


def modes(folder: Path) -> dict[str, int]:
    """Read the modes of the database's files."""
    return {path.name: path.stat().st_mode & 0o777 for path in sorted(folder.glob("renumber.db*"))}


@contextmanager
def at_work(operator: Operator, command: str, umask: int) -> Iterator[None]:
    """Let a command go on under this umask."""
    words = {"work": ("work",), "serve": ("serve", "--port", str(free_port()))}[command]
    working = operator.starts(*words, umask=umask)
    try:
        yield
        assert working.poll() is None
    finally:
        stop(working, signal.SIGTERM)
        assert working.stdout
        working.stdout.close()


def become_private(folder: Path) -> bool:
    """Wait until the database is in use and nobody else can read any file of it."""
    until = time.monotonic() + OPENS_WITHIN
    while modes(folder) != dict.fromkeys(FILES, 0o600) and time.monotonic() < until:
        time.sleep(0.05)
    return modes(folder) == dict.fromkeys(FILES, 0o600)


@pytest.mark.parametrize("umask", [0, 0o022, 0o027, 0o277])
@pytest.mark.parametrize("command", ["work", "serve"])
def test_a_new_database_is_private_whatever_the_umask(fresh: Operator, command: str, umask: int) -> None:
    with at_work(fresh, command, umask):
        assert become_private(fresh.folder)


@pytest.mark.parametrize("command", ["work", "serve"])
def test_an_older_database_that_others_could_read_is_made_private_at_the_start(fresh: Operator, command: str) -> None:
    fresh.enters()
    with closing(sqlite3.connect(fresh.folder / "renumber.db")) as beside:
        beside.execute("SELECT * FROM account").fetchall()
        for name in FILES:
            (fresh.folder / name).chmod(0o644)
        assert modes(fresh.folder) == dict.fromkeys(FILES, 0o644)

        with at_work(fresh, command, 0):
            assert become_private(fresh.folder)


async def test_whoever_opens_a_database_that_is_not_there_makes_a_private_one(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/renumber.db")
    await database.start()

    assert set(modes(tmp_path).values()) == {0o600}
    await database.close()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o444])
@pytest.mark.parametrize("command", ["work", "serve"])
def test_nothing_starts_with_a_key_that_others_can_read(alone: Operator, command: str, mode: int) -> None:
    alone.enters()
    key = alone.folder / "key"
    key.chmod(mode)

    said = alone.runs(command)

    assert (said.code, said.out) == (1, "")
    assert said.err == f"The key file {key} is no secret. Others can read it: chmod 600 {key}\n"


def test_with_a_key_of_the_environment_the_file_is_of_no_interest(alone: Operator) -> None:
    alone.enters()
    shutil.move(alone.folder / "key", alone.folder / "put aside")
    alone.writes("key", "anything").chmod(0o644)
    alone.more = {"RENUMBER_SECRET_KEY": "of more than thirty-two bytes, and of no use", "RENUMBER_SECRET_KEY_FILE": ""}

    assert "is no secret" not in alone.runs("work").err


def test_doctor_tells_which_files_others_can_read_and_changes_none(alone: Operator) -> None:
    alone.enters()
    path = alone.folder / "renumber.db"
    path.chmod(0o644)

    said = alone.runs("doctor")

    assert f"!  SQLite file {path}: Others can read it: chmod 600 {path}\n" in said.out
    assert said.code == 1
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    assert "SQLite file" not in alone.runs("doctor").out
