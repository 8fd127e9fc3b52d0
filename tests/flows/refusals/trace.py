"""Sees each refusal as it is written: in which act, and in which line of the flows.

It looks on from outside, as a profiler does, so that no flow has to know of it.
"""

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from renumber.domain.outcomes import Refusal
from renumber.flows import consequences

FLOWS = Path(consequences.__file__).parent
WAYS_OUT = {"refuse", "carry_out"}


@dataclass(frozen=True)
class Seen:
    """A refusal, the act that gave it, and the place in the flows."""

    refusal: Refusal
    act: str
    file: str
    line: int


@contextmanager
def refusals_seen() -> Iterator[list[Seen]]:
    """Collect every refusal that is written meanwhile."""
    seen: list[Seen] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code is consequences.conclude.__code__ and frame.f_locals["refusal"]:
            seen.append(_seen(frame))

    sys.setprofile(look)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def _seen(concluding: FrameType) -> Seen:
    callers = list(_callers(concluding))
    place = next(each for each in callers if each.f_code.co_name not in WAYS_OUT)
    act = next(_act_of(each) for each in callers if _is_opening(each))
    file = str(Path(place.f_code.co_filename).relative_to(FLOWS))
    return Seen(concluding.f_locals["refusal"], act, file, place.f_lineno)


def _callers(frame: FrameType) -> Iterator[FrameType]:
    caller = frame.f_back
    while caller is not None:
        if caller.f_code.co_filename.startswith(str(FLOWS)):
            yield caller
        caller = caller.f_back


def _is_opening(frame: FrameType) -> bool:
    return frame.f_code.co_name == "opened"


def _act_of(opening: FrameType) -> str:
    """The name of the function that the opening stands above."""
    act = inspect.unwrap(opening.f_locals["act"])
    return f"{act.__module__}.{act.__name__}"
