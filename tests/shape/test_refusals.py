"""Every refusal is given somewhere, and has a sentence that says what to do."""

import ast
from collections.abc import Iterator

from renumber.domain.outcomes import Refusal
from renumber.web.refusal_texts import SENTENCES
from renumber.web.refusals import STATUS
from tests.shape.source import SOURCES

INSIDE = {"domain", "policies", "flows"}


def test_every_refusal_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)


def test_every_refusal_is_given_somewhere() -> None:
    assert {refusal.name for refusal in Refusal} <= given()


def test_no_refusal_is_named_that_does_not_exist() -> None:
    assert given() <= {refusal.name for refusal in Refusal}
    assert set(STATUS) <= set(Refusal)


def test_the_flows_raise_nothing_of_their_own() -> None:
    """A refusal is a result: an exception would roll back the attempt that it should count."""
    raised = [
        f"{source.name}:{node.lineno}"
        for source in SOURCES
        if source.room in INSIDE
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Raise)
    ]

    assert not raised


def test_nobody_inside_catches_a_bug() -> None:
    caught = [
        f"{source.name}:{handler.lineno}"
        for source in SOURCES
        if source.room in INSIDE
        for handler in ast.walk(source.tree)
        if isinstance(handler, ast.ExceptHandler)
        if not isinstance(handler.type, ast.Name) or handler.type.id in {"Exception", "AssertionError"}
    ]

    assert not caught


def given() -> set[str]:
    return {name for source in SOURCES if source.room in INSIDE for name in named(source.tree)}


def named(tree: ast.AST) -> Iterator[str]:
    """Find every refusal that a file of the core names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Refusal":
            yield node.attr
