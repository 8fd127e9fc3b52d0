"""Short functions, short files: what can be read in one look can be checked in one look."""

from collections import Counter
from statistics import median

import pytest

from tests.shape.source import PACKAGE, ROOT, SOURCES, Function

MEDIAN_LINES, P95_LINES, MOST_LINES, MOST_FILE_LINES = 8, 25, 50, 250
MEDIAN_FILE_LINES = range(60, 121)
MOST_FILES = 20  # side by side in one folder
OURS = [source for source in SOURCES if not source.is_migration]


def test_functions_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = sorted(lines(function) for source in OURS for function in source.functions()) or [0]
    middle, p95 = median(sizes), percentile_95(sizes)

    with capsys.disabled():
        print(f"\nFunctions: {len(sizes)}, median {middle:.0f}, p95 {p95}, longest {sizes[-1]} lines")

    assert middle <= MEDIAN_LINES
    assert p95 <= P95_LINES


def test_no_function_is_too_long_to_see_at_once() -> None:
    too_long = [
        f"{source.name}:{function.lineno} {function.name}: {lines(function)} lines"
        for source in OURS
        for function in source.functions()
        if lines(function) > MOST_LINES
    ]

    assert not too_long


def test_files_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = sorted(source.lines for source in OURS)

    with capsys.disabled():
        print(
            f"\nFiles: {len(sizes)}, median {median(sizes):.0f}, p95 {percentile_95(sizes)}, longest {sizes[-1]} lines"
        )

    assert int(median(sizes)) in MEDIAN_FILE_LINES
    assert not [f"{source.name}: {source.lines} lines" for source in OURS if source.lines > MOST_FILE_LINES]


def test_sheets_scripts_and_templates_of_pages_are_short_too() -> None:
    files = [path for ending in ("css", "js", "html", "j2") for path in PACKAGE.rglob(f"*.{ending}")]
    sizes = {str(path.relative_to(PACKAGE)): path.read_text().count("\n") for path in files}

    assert len(sizes) > 100
    assert {name: size for name, size in sizes.items() if size > MOST_FILE_LINES} == {}


def test_folders_can_be_taken_in_at_a_glance() -> None:
    files = [path for folder in (PACKAGE, ROOT / "harness", ROOT / "tests") for path in folder.rglob("*.py")]
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in files)

    assert not {folder for folder, count in counts.items() if count > MOST_FILES}


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def percentile_95(ordered: list[int]) -> int:
    return ordered[max(0, int(len(ordered) * 0.95) - 1)]
