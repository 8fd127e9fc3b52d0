"""The diagrams beside the states of a phone change, a recovery case and a caller's check draw what the code does."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any

import pytest

from renumber.domain import phone_change
from renumber.domain.support import caller_check, recovery_case
from tests.shape.source import MODULES, PACKAGE

ARROW = re.compile(r"^\s*(\S+) --> ([^:\s]+)(?:: (\w+))?$", re.MULTILINE)
END = "[*]"


@dataclass(frozen=True)
class Drawn:
    """A module of the domain, its states, and the functions that make one."""

    module: ModuleType
    states: Any
    begun: frozenset[tuple[str, StrEnum]]

    @property
    def arrows(self) -> list[tuple[str, str, str]]:
        """What the diagram beside it draws: from, to, verb."""
        path = PACKAGE.joinpath(*self.module.__name__.split(".")[1:]).with_suffix(".mmd")
        return ARROW.findall(path.read_text(encoding="utf-8"))

    def between(self) -> Iterator[tuple[StrEnum, StrEnum, str]]:
        """The arrows from one state to another."""
        for before, after, verb in self.arrows:
            if END not in {before, after}:
                yield self.states(before), self.states(after), verb

    def steps_taken(self) -> Iterator[tuple[str, StrEnum]]:
        """Find each call of `_become` and the verb around it."""
        for function in MODULES[self.module.__name__].functions():
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_become":
                    [state] = node.args
                    assert isinstance(state, ast.Attribute), "a verb names the state that it leads to"
                    yield function.name, self.states[state.attr]


CHANGES, CASES, CHECKS = phone_change.ChangeState, recovery_case.CaseState, caller_check.CheckState
ALL = [
    Drawn(
        phone_change,
        CHANGES,
        frozenset(
            {
                ("request", CHANGES.REQUESTED),
                ("ask_company", CHANGES.AWAITING_COMPANY),
                ("enrol_first", CHANGES.AWAITING_NEW_NUMBER),
                ("recover", CHANGES.AWAITING_NEW_NUMBER),
            }
        ),
    ),
    Drawn(recovery_case, CASES, frozenset({("open_case", CASES.COLLECTING)})),
    Drawn(caller_check, CHECKS, frozenset({("ask", CHECKS.ASKED)})),
]
each = pytest.mark.parametrize("drawn", ALL, ids=lambda drawn: drawn.module.__name__)


@each
def test_it_draws_every_step_of_the_table_and_no_other(drawn: Drawn) -> None:
    progress = drawn.module.PROGRESS

    assert {(before, after) for before, after, _ in drawn.between()} == {
        (before, after) for before, onward in progress.items() for after in onward
    }


@each
def test_it_ends_where_nothing_goes_on(drawn: Drawn) -> None:
    ends = {drawn.states(before) for before, after, _ in drawn.arrows if after == END}

    assert ends == set(drawn.states) - drawn.module.OPEN


@each
def test_each_arrow_is_named_for_the_verb_that_takes_it(drawn: Drawn) -> None:
    assert {(verb, after) for _, after, verb in drawn.between()} == set(drawn.steps_taken())


@each
def test_it_begins_with_the_functions_that_make_one(drawn: Drawn) -> None:
    begun = {(verb, drawn.states(after)) for before, after, verb in drawn.arrows if before == END}

    assert begun == drawn.begun
    assert all(hasattr(drawn.module, verb) for verb, _ in begun)
