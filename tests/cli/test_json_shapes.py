"""What commands answer to programs has the shape that `docs/command-line.md` promises."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from harness.tables import write_to
from tests.cli.kept import keeps_a_session
from tests.cli.operator import Operator

DOCUMENT = Path(__file__).parents[2] / "docs/command-line.md"
BLOCK = re.compile(r"^`renumber ([a-z -]+[a-z])[^\n]*\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMISED = {name: json.loads(shape) for name, shape in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))}
EMAIL = "erika@example.com"
COMMANDS = {
    "account list --json": ("account", "list", "--json"),
    "account show": ("account", "show", EMAIL, "--json"),
    "account sessions": ("account", "sessions", EMAIL, "--json"),
    "audit show --json": ("audit", "show", "--json"),
    "audit export": ("audit", "export"),
    "audit verify --json": ("audit", "verify", "--json"),
    "dead-messages list --json": ("dead-messages", "list", "--json"),
    "doctor --json": ("doctor", "--json", "--settings"),
}


def shape(value: Any) -> Any:
    """Leave of a value its fields and kinds; what is nothing, or a list without entries, fits everything."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__ if value is not None else None


def fits(found: Any, promised: Any) -> bool:
    if None in (found, promised) or [] in (found, promised):
        return True
    if isinstance(found, dict) and isinstance(promised, dict):
        return set(found) == set(promised) and all(fits(found[name], promised[name]) for name in found)
    if isinstance(found, list) and isinstance(promised, list):
        return fits(found[0], promised[0])
    return bool(found == promised)


@pytest.mark.parametrize(
    ("found", "verdict"),
    [({"a": 1}, True), ({"a": None}, True), ({"a": "1"}, False), ({"b": 1}, False), ({}, False)],
)
def test_a_shape_that_differs_is_seen(found: dict[str, object], verdict: object) -> None:
    assert fits(shape(found), shape({"a": 2})) is verdict


def test_every_documented_command_is_compared() -> None:
    assert set(PROMISED) == set(COMMANDS)


def test_every_answer_has_the_documented_shape(alone: Operator) -> None:
    alone.enters()
    keeps_a_session(alone, EMAIL)
    alone.does("account", "freeze", EMAIL, "--reason", "a call")
    write_to(alone.url, "UPDATE outbox SET state = 'dead', settled_at = created_at, outcome = 'refused'")
    write_to(alone.url, "UPDATE audit SET evidence = 'x' WHERE seq = 1")

    for name, words in COMMANDS.items():
        said = alone.runs(*words)
        answer = json.loads(said.out.splitlines()[0] if name == "audit export" else said.out)

        assert fits(shape(answer), shape(PROMISED[name])), (name, answer)
        assert EMAIL not in said.out
        assert "15123456789" not in said.out
