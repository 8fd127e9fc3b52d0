"""A docstring says what the thing is or does, so that it can be read alone."""

import ast
import re

from tests.shape.source import SOURCES

BEGINS_AS_A_QUESTION = re.compile(r"(What|Whether|How)\b")
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_no_docstring_begins_as_a_question() -> None:
    assert not asking()


def asking() -> list[str]:
    return [
        f"{source.name}: {docstring}"
        for source in SOURCES
        for node in ast.walk(source.tree)
        if isinstance(node, Documented)
        if BEGINS_AS_A_QUESTION.match(docstring := ast.get_docstring(node) or "")
    ]
