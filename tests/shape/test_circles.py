"""No module imports itself in a circle: whatever is read first can be understood without what comes later."""

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.shape.source import MODULES, Source, imported

Graph = dict[str, set[str]]
A_MODULE = re.compile(r"renumber(\.\w+)+")
TABLE = "renumber.cli.command_table"  # names in texts what is imported when it is called


def test_no_module_imports_itself_in_a_circle() -> None:
    assert circle_in({module: modules_of(source) for module, source in MODULES.items()}) == []


@pytest.mark.parametrize(
    ("graph", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}}, ["a", "b", "c"]),
        ({"a": {"b"}, "b": {"b"}}, ["b"]),
    ],
)
def test_a_circle_is_found(graph: Graph, circle: list[str]) -> None:
    assert circle_in(graph) == circle


def test_what_the_command_line_loads_by_name_counts_too() -> None:
    assert {"renumber.cli.serve", "renumber.cli.doctor.command"} <= modules_of(MODULES[TABLE])


def circle_in(graph: Graph) -> list[str]:
    """Name the modules of a circle, if there is one."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return sorted(set(found.args[1]))
    return []


def modules_of(source: Source) -> set[str]:
    """Find the modules of ours that a module imports, whenever it does; `TYPE_CHECKING` excuses nothing."""
    found: set[str] = set()
    for _, name in imported(source.tree):
        if name.endswith("*"):
            found |= below(name)
        else:
            found |= {name if name in MODULES else name.rpartition(".")[0]} & set(MODULES)
    return found | (named_in(source.tree) if source is MODULES[TABLE] else set())


def below(beginning: str) -> set[str]:
    """Find the modules that a computed name may mean; one that is computed as a whole is in the table."""
    return set() if beginning == "renumber.*" else {name for name in MODULES if name.startswith(beginning[:-1])}


def named_in(tree: ast.AST) -> set[str]:
    """Find the modules that stand in the texts of the table."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return {text.partition(":")[0] for text in texts if A_MODULE.match(text)} & set(MODULES)
