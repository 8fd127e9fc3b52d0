"""A docstring says what the thing is or does, so that it can be read alone."""

import ast
import re

from tests.shape.source import SOURCES

BEGINS_AS_A_QUESTION = re.compile(r"(What|Whether|How)\b")
STILL_ASKING = {  # rooms; one that is clean leaves the list
    "cli",
    "crypto",
    "delivery",
    "demo",
    "flows",
    "observability",
    "settings",
    "store",
    "web",
    "wiring",
}
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_no_docstring_begins_as_a_question() -> None:
    found = asking()

    assert not [where for room, where in found if room not in STILL_ASKING]
    assert {room for room, _ in found} == STILL_ASKING, "no room is excused without need"


def asking() -> list[tuple[str, str]]:
    return [
        (source.room, f"{source.name}: {docstring}")
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, Documented)
        if BEGINS_AS_A_QUESTION.match(docstring := ast.get_docstring(node) or "")
    ]
