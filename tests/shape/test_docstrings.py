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
    found = [where for where in asking() if room_of(where) not in STILL_ASKING]

    assert not found
    assert {room_of(where) for where in asking()} == STILL_ASKING, "no room is excused without need"


def room_of(where: str) -> str:
    return where.split("/")[2].split(".")[0]


def asking() -> list[str]:
    return [
        f"{source.name}: {docstring}"
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, Documented)
        if BEGINS_AS_A_QUESTION.match(docstring := ast.get_docstring(node) or "")
    ]
