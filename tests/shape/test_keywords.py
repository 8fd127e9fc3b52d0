"""Our own classes are built by keyword: what stands at the seventh place nobody can check by reading."""

import ast
from collections.abc import Iterator

from tests.shape.source import SOURCES, Source

MOST_POSITIONS = 3
READ_IN_ORDER = {"Step"}  # the state, the facts and the refusal of a verb, at most three by position


def test_our_own_classes_are_built_by_keyword_past_three_arguments_and_never_from_a_star() -> None:
    by_position = [
        f"{source.name}:{call.lineno} {ast.unparse(call.func)}"
        for source in SOURCES
        for call in calls_by_position(source)
    ]

    assert not by_position


def test_values_of_more_than_three_fields_take_keywords_only() -> None:
    positional = {
        node.name
        for source in SOURCES
        if source.room in {"domain", "policies"}
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and takes_positions(node)
    }

    assert positional <= READ_IN_ORDER


def calls_by_position(source: Source) -> Iterator[ast.Call]:
    """Find each call of a class of ours with a star or too many arguments by position."""
    own = {alias for node in ast.walk(source.tree) for alias in names_of_ours(node)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and is_class_of(node.func, own) and leans_on_order(node.args):
            yield node


def leans_on_order(arguments: list[ast.expr]) -> bool:
    return len(arguments) > MOST_POSITIONS or any(isinstance(each, ast.Starred) for each in arguments)


def names_of_ours(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "renumber":
        yield from (alias.asname or alias.name for alias in node.names)


def is_class_of(called: ast.expr, own: set[str]) -> bool:
    """Whether this is `Session(…)`, or `sessions.Session(…)` where a whole module was imported."""
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.attr[:1].isupper() and called.value.id in own
    return isinstance(called, ast.Name) and called.id[:1].isupper() and called.id in own


def takes_positions(node: ast.ClassDef) -> bool:
    """Whether it is a dataclass of more than three fields that may be built by position."""
    made = [ast.unparse(decorator) for decorator in node.decorator_list]
    fields = sum(isinstance(each, ast.AnnAssign) for each in node.body)
    is_dataclass = any(each.startswith("dataclass") for each in made)
    return is_dataclass and fields > MOST_POSITIONS and not any("kw_only=True" in each for each in made)
