"""House rule: docs/security.md names the tests that hold each of its rows, and every one of them runs."""

import re
import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.shape.source import ROOT

ROWS = range(1, 41)  # without a gap; later ones stand there once they are held
LAST = 58
LATER = {35, 36}
MAP = ROOT / "docs" / "security.md"
ROW = re.compile(r"^### (\d+)\. (.+)$", re.MULTILINE)
TEST = re.compile(r"^- `(tests/\S+)`$", re.MULTILINE)


def mapped() -> dict[int, list[str]]:
    """The tests of each row."""
    parts = ROW.split(MAP.read_text(encoding="utf-8"))[1:]
    numbers = [int(number) for number in parts[::3]]
    assert numbers == sorted(set(numbers)), "every row stands there once, in its order"
    assert set(ROWS) <= set(numbers) <= set(range(1, LAST + 1))
    return dict(zip(numbers, (TEST.findall(part) for part in parts[2::3]), strict=True))


def by_name(node_ids: Iterable[str]) -> set[str]:
    """Tests without their parameters, and without the group that pytest-xdist puts behind them."""
    return {re.split(r"[\[@]", node_id, maxsplit=1)[0] for node_id in node_ids}


def collected(names: set[str]) -> set[str]:
    """Which of these tests pytest finds."""
    files = sorted({name.partition("::")[0] for name in names})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return by_name(line for line in ran.stdout.splitlines() if "::" in line)


def test_every_row_has_tests_or_is_for_later() -> None:
    rows = mapped()

    assert {number for number, tests in rows.items() if not tests} == LATER


def test_every_test_of_the_map_is_collected(request: pytest.FixtureRequest) -> None:
    names = {test for tests in mapped().values() for test in tests}

    elsewhere = names - by_name(item.nodeid for item in request.session.items)  # unless all tests run together

    assert len(names) > 100
    assert elsewhere - (collected(elsewhere) if elsewhere else set()) == set()


def test_no_test_of_the_map_is_skipped_or_expected_to_fail() -> None:
    files = {ROOT / test.partition("::")[0] for tests in mapped().values() for test in tests}

    lenient = re.compile(r"mark\.(skip|xfail)|pytest\.(skip|xfail)|importorskip")
    assert [path.name for path in files if lenient.search(path.read_text(encoding="utf-8"))] == []


def test_every_attack_is_on_the_map() -> None:
    named = {test.partition("::")[0] for tests in mapped().values() for test in tests}

    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "attacks").rglob("test_*.py")}
    assert files - named == set()
