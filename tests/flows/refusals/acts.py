"""Every act of the flows, found by the opening above it, and every place that refuses."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from renumber.domain.outcomes import Refusal
from tests.shape.source import PACKAGE, SOURCES, Function

FLOWS = [source for source in SOURCES if source.room == "flows"]
# An opening hands over an act as `opened`, by itself or in a decorator of its own; that of a case is one by staff.
OPENINGS = {
    outer.name
    for source in FLOWS
    for outer in source.tree.body
    if isinstance(outer, ast.FunctionDef)
    for inner in ast.walk(outer)
    if isinstance(inner, ast.AsyncFunctionDef) and inner.name == "opened"
} | {"on_case"}


@dataclass(frozen=True)
class Place:
    """A call that refuses, from its first line to its last."""

    file: str
    first: int
    last: int


def acts() -> dict[str, str]:
    """Each act with its opening."""
    return {
        f"{source.module}.{function.name}": opening
        for source in FLOWS
        for function in source.functions()
        for opening in _openings(function)
        if function.name != "opened"
    }


def _openings(function: Function) -> Iterator[str]:
    for decorator in function.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(named, ast.Name) and named.id in OPENINGS:
            yield named.id


def refusing_places() -> set[Place]:
    """Every call of `refuse` in the flows."""
    return {
        Place(str(source.path.relative_to(PACKAGE / "flows")), node.lineno, node.end_lineno or node.lineno)
        for source in FLOWS
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "refuse"
    }


def given() -> set[Refusal]:
    """Every refusal that flows, policies or domain name."""
    return {
        Refusal[node.attr]
        for source in SOURCES
        if source.room in {"flows", "policies", "domain"}
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Refusal"
    }
