"""docs/architecture.md: the drawing is the code as it is, and no link of the walk leads to another line."""

import re
import subprocess
import sys

import pytest

from tests.shape.source import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINK = re.compile(r"\[`([^`]+)`\]\(\.\./([^)#]+)#L(\d+)\)")
LINKS = LINK.findall(PAGE)
STEPS = [
    "show_question",
    "request_change",
    "Dispatcher",
    "look_at_link",
    "press_link",
    "present=None",
    "give_password",
    "enter_number",
    "prove_number",
    "show_finished",
]


def test_the_drawing_and_the_links_are_as_the_code_is() -> None:
    ran = subprocess.run(
        [sys.executable, "scripts/draw_house.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(("name", "path", "line"), LINKS)
def test_each_link_leads_to_the_line_that_defines_the_name(name: str, path: str, line: str) -> None:
    there = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]

    if name.isidentifier():
        assert re.match(rf"\s*(async def|def|class) {name}\b|{name}\b.*=", there), there
    else:
        assert name in there


def test_the_walk_goes_from_the_dialog_to_the_end() -> None:
    names = [name for name, _, _ in LINKS]

    assert sorted(STEPS, key=names.index) == STEPS


def test_the_reset_is_two_clicks_from_the_readme() -> None:
    assert "](docs/architecture.md)" in README
    assert "domain/number_history.py" in next(path for name, path, _ in LINKS if name == "present=None")
