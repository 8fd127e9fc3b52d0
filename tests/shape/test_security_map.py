"""The map from threats to tests is whole, and names tests that exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROWS = range(1, 41)
LATER = {16, 26, 27, 28, 29, 35, 36, 39}


def the_map() -> dict[int, str]:
    return {int(number): tests for number, tests in ROW.findall((ROOT / "docs" / "security.md").read_text())}


def names_in(path: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)}


def test_every_threat_has_a_row() -> None:
    assert list(the_map()) == list(ROWS)


def test_every_row_names_a_test_unless_its_subject_comes_later() -> None:
    without = {number for number, tests in the_map().items() if not TEST.search(tests)}

    assert without == LATER


def test_every_test_that_is_named_exists() -> None:
    named = [found for tests in the_map().values() for found in TEST.findall(tests)]

    assert not [f"{path}::{name}" for path, name in named if name not in names_in(ROOT / path)]
