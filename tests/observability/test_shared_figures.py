"""Workers add up their figures in one folder, which is fresh at each start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from renumber.observability.metrics import Metrics, forget_the_dead
from renumber.observability.worker_metrics import (
    PREFIX,
    SHARED_FOLDER,
    is_alive,
    make_shared_folder,
    remove_shared_folder,
)

WORKER = """
import asyncio
from renumber.observability.meter import Meter
from renumber.store.database.open import counting
async def nothing(): return None
meter = Meter(counting=counting, waiting=lambda: 5, backlog=nothing)
meter.concluded("a" * 32, [])
meter._metrics.count_acts(["signed_in"])
print(asyncio.run(meter.exposition())[0].decode())
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let servers of this test make their folders here."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def worker(folder: Path) -> str:
    """Run a worker process that signs one person in, and give what it then shows."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    ran = subprocess.run([sys.executable, "-c", WORKER], env=environment, capture_output=True, text=True, check=True)
    return ran.stdout


def a_dead_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_a_worker_counted_outlives_it_and_what_it_held_does_not(folder: Path) -> None:
    worker(folder)

    shown = worker(folder)

    assert 'renumber_sign_ins_total{result="completed"} 2.0' in shown
    assert "renumber_passwords_waiting 5.0" in shown


def test_gauges_of_a_worker_that_is_gone_are_dropped(folder: Path) -> None:
    here, gone = (folder / f"gauge_livesum_{pid}.db" for pid in (os.getpid(), a_dead_process()))
    counted = folder / f"counter_{a_dead_process()}.db"
    for file in (here, gone, counted):
        file.touch()

    forget_the_dead(folder)

    assert sorted(folder.iterdir()) == sorted([here, counted])


def test_each_start_has_an_empty_folder_that_nobody_else_can_open(folder: Path) -> None:
    first, second = make_shared_folder(), make_shared_folder()

    assert first != second
    assert not any(second.iterdir())
    assert second.stat().st_mode & 0o077 == 0


def test_a_start_removes_what_servers_that_are_gone_have_left(folder: Path) -> None:
    left = folder / f"{PREFIX}{a_dead_process()}-abc"
    ours = folder / f"{PREFIX}{os.getpid()}-abc"  # in a container every server has the same id
    running = folder / f"{PREFIX}{os.getppid()}-abc"
    other = folder / "something-else"
    for each in (left, ours, running, other):
        each.mkdir()
        (each / "counter_1.db").touch()

    made = make_shared_folder()

    assert sorted(folder.iterdir()) == sorted([running, other, made])


def test_at_the_end_the_folder_of_this_process_goes_and_no_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, others = make_shared_folder(), folder / f"{PREFIX}{os.getppid()}-abc"
    others.mkdir()
    (ours / "counter_1.db").touch()

    for named in (others, ours):
        monkeypatch.setenv(SHARED_FOLDER, str(named))
        remove_shared_folder()

    assert sorted(folder.iterdir()) == [others]


def test_without_a_folder_nothing_is_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SHARED_FOLDER, raising=False)
    (folder / "precious").touch()

    remove_shared_folder()

    assert (folder / "precious").exists()


def test_a_link_in_the_place_of_a_folder_is_not_followed(folder: Path) -> None:
    precious = folder / "precious"
    precious.mkdir()
    (precious / "file").touch()
    (folder / f"{PREFIX}{a_dead_process()}-abc").symlink_to(precious)

    make_shared_folder()

    assert (precious / "file").exists()


def test_a_process_is_alive_until_it_has_ended() -> None:
    assert is_alive(os.getpid())
    assert is_alive(1)
    assert not is_alive(a_dead_process())


def test_one_process_alone_needs_no_folder() -> None:
    metrics = Metrics()

    metrics.count_acts(["signed_in"])

    assert b'renumber_sign_ins_total{result="completed"} 1.0' in metrics.exposition(None)
