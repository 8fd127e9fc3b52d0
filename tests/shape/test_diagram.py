"""The diagram beside the states of a phone change draws just what the code does."""

import ast
import re
from collections.abc import Iterator

from renumber.domain import phone_change
from renumber.domain.phone_change import PROGRESS, ChangeState
from tests.shape.source import PACKAGE, SOURCES

ARROW = re.compile(r"^\s*(\S+) --> ([^:\s]+)(?:: (\w+))?$", re.MULTILINE)
END = "[*]"
DRAWN = ARROW.findall((PACKAGE / "domain" / "phone_change.mmd").read_text(encoding="utf-8"))
[CODE] = [source for source in SOURCES if source.path.name == "phone_change.py" and source.room == "domain"]


def test_it_draws_every_step_of_the_table_and_no_other() -> None:
    drawn = {(ChangeState(before), ChangeState(after)) for before, after, _ in DRAWN if END not in {before, after}}

    assert drawn == {(before, after) for before, onward in PROGRESS.items() for after in onward}


def test_it_ends_where_nothing_goes_on() -> None:
    assert {ChangeState(before) for before, after, _ in DRAWN if after == END} == set(ChangeState) - phone_change.OPEN


def test_each_arrow_is_named_for_the_verb_that_takes_it() -> None:
    drawn = {(verb, after) for before, after, verb in DRAWN if END not in {before, after}}

    assert drawn == set(steps_taken())


def test_it_begins_with_the_functions_that_make_a_change() -> None:
    begun = {(verb, after) for before, after, verb in DRAWN if before == END}

    assert begun == {("request", ChangeState.REQUESTED), ("enrol_first", ChangeState.AWAITING_NEW_NUMBER)}
    assert all(hasattr(phone_change, verb) for verb, _ in begun)


def steps_taken() -> Iterator[tuple[str, str]]:
    """Find each call of `_become` and the verb around it."""
    for function in CODE.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_become":
                [state] = node.args
                assert isinstance(state, ast.Attribute), "a verb names the state that it leads to"
                yield function.name, ChangeState[state.attr].value
