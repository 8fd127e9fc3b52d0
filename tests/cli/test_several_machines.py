"""Rotating keys where each machine has its own copy of the file, step by step as docs/operating.md says."""

import secrets
from base64 import b64encode
from itertools import count
from pathlib import Path

import pytest

from tests.cli.operator import Operator

people = count(1)


@pytest.fixture
def machines(postgresql_url: str, tmp_path: Path) -> tuple[Operator, Operator]:
    """Two that share a database and have equal files of keys."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    one, two = (Operator(postgresql_url, folder) for folder in folders)
    one.does("migrate")
    two.writes("key", keys(one))
    return one, two


def keys(machine: Operator) -> str:
    """Its file of keys."""
    return (machine.folder / "key").read_text()


def a_key() -> str:
    """A line as the instructions make it."""
    return f"{secrets.token_hex(4)}:{b64encode(secrets.token_bytes(32)).decode()}\n"


def understand_each_other(*machines: Operator) -> bool:
    """Whether each reads what each has just written."""
    written = [f"p{next(people)}@example.com" for _ in machines]
    for machine, email in zip(machines, written, strict=True):
        machine.enters(email)
    return all("+49 ••• ••• 789" in machine.does("account", "show", email) for machine in machines for email in written)


def test_at_every_step_each_machine_reads_what_every_other_writes(machines: tuple[Operator, Operator]) -> None:
    one, two = machines
    old, new = keys(one), a_key()
    steps = [(old + new, old), (old + new, old + new), (new + old, old + new), (new + old, new + old)]

    understood = [understand_each_other(*machines)]
    for contents in steps:
        for machine, content in zip(machines, contents, strict=True):
            machine.writes("key", content)
        understood.append(understand_each_other(*machines))
    rotated = one.does("keys", "rotate")
    retired = one.does("keys", "retire")
    before_the_copy = understand_each_other(*machines)
    two.writes("key", keys(one))

    assert understood == [True] * 5
    assert f"Everything is sealed with the key {new[:8]}." in rotated
    assert retired == f"Dropped the key {old[:8]}.\n"
    assert before_the_copy
    assert understand_each_other(*machines)
    assert [machine.runs("audit", "verify").code for machine in machines] == [0, 0]


def test_a_machine_that_was_left_out_does_not_go_on(machines: tuple[Operator, Operator]) -> None:
    one, two = machines
    understand_each_other(*machines)
    one.does("keys", "rotate")

    said = two.runs("account", "show", "p1@example.com")

    assert said.code == 1
    assert "Put the right file of keys there" in said.err
