"""The only source of the time."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from renumber.clock import OffsetClock, SystemClock

A_MOMENT = timedelta(seconds=5)


def test_the_time_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


@pytest.mark.parametrize(("content", "hours"), [("86400", 24), ("-3600", -1), ("0.0", 0), ("", 0)])
def test_a_file_moves_the_time_by_its_seconds(tmp_path: Path, content: str, hours: int) -> None:
    path = tmp_path / "offset"
    path.write_text(content)

    moved = OffsetClock(path).now() - SystemClock().now()

    assert abs(moved - timedelta(hours=hours)) < A_MOMENT


def test_the_file_is_read_each_time_and_need_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "offset"
    clock = OffsetClock(path)

    before = clock.now()
    path.write_text("86400")
    after = clock.now()

    assert abs(after - before - timedelta(days=1)) < A_MOMENT
