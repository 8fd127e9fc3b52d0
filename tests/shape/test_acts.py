"""An act can't forget its history: one place opens it, one writes it down, and one refuses."""

import ast
from collections.abc import Callable, Collection, Iterator

from tests.shape.source import SOURCES, Function, Source, called

FLOWS = "src/renumber/flows"
OPEN_THE_WORK = {f"{FLOWS}/act.py", f"{FLOWS}/named_account.py", f"{FLOWS}/support/opening.py"}
WRITES_IT_DOWN = {f"{FLOWS}/consequences.py"}
MAKES_EVENTS = {f"{FLOWS}/events.py"}
REFUSES = {f"{FLOWS}/act.py"}
ACTS = {"Act", "SessionAct", "LinkAct", "DeviceAct", "SignInAct", "ClientAct", "StaffAct", "CompanyAct", "CallerAct"}


def test_openings_alone_open_a_unit_of_work() -> None:
    assert not broken_outside(OPEN_THE_WORK, opens_work)


def test_consequences_alone_write_history_and_messages() -> None:
    assert not broken_outside(WRITES_IT_DOWN, writes_down)


def test_events_are_made_in_one_place_and_all_sessions_are_ended_where_it_is_told() -> None:
    assert not broken_outside(MAKES_EVENTS, makes_event)
    assert not broken_outside(WRITES_IT_DOWN, ends_all_sessions)


def test_an_act_refuses_by_its_own_way_out() -> None:
    by_hand = [
        f"{source.name}:{call.lineno}"
        for source in flows(but=REFUSES)
        for function in source.functions()
        if is_over_an_act(function)
        for call in calls(function)
        if refuses_by_hand(call)
    ]

    assert not by_hand


def test_every_kind_of_act_is_known_here() -> None:
    classes = [node for source in flows() for node in source.tree.body if isinstance(node, ast.ClassDef)]

    kinds = {node.name for node in classes if {ast.unparse(base) for base in node.bases} & {*ACTS, "Circumstances"}}
    assert kinds == ACTS


def flows(*, but: Collection[str] = ()) -> Iterator[Source]:
    """The files of the flows, except these."""
    return (source for source in SOURCES if source.room == "flows" and source.name not in but)


def broken_outside(places: set[str], breaks: Callable[[ast.Call], bool]) -> list[str]:
    """Each call outside these files that only they may make."""
    return [
        f"{source.name}:{call.lineno}" for source in flows(but=places) for call in calls(source.tree) if breaks(call)
    ]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def opens_work(call: ast.Call) -> bool:
    """Whether it opens a unit of work."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "work"


def writes_down(call: ast.Call) -> bool:
    """Whether it makes a row of the history or a message, or hands either to the unit of work."""
    is_recording = isinstance(call.func, ast.Attribute) and call.func.attr == "record"
    of_work = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).split(".")[-1] == "work"
    return called(call.func) in {"AuditEntry", "Message"} or (is_recording and of_work)


def makes_event(call: ast.Call) -> bool:
    """Whether it makes an event that others hear of."""
    return called(call.func) == "Event"


def ends_all_sessions(call: ast.Call) -> bool:
    """Whether it ends all sessions of an account, of which those who have joined must hear."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "end_all"


def is_over_an_act(function: Function) -> bool:
    """Whether its first parameter is an act."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    annotation = parameters[0].annotation if parameters else None
    return isinstance(annotation, ast.Name) and annotation.id in ACTS


def refuses_by_hand(call: ast.Call) -> bool:
    """Whether it makes the result of a refusal."""
    return called(call.func) == "Step" and (len(call.args) > 2 or any(each.arg == "refusal" for each in call.keywords))
