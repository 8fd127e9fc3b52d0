"""The way of a request through our files: which it enters, and how often it passes from one to another."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import FrameType

import renumber

PACKAGE = Path(renumber.__file__).parent
TO_OPEN = ("flows/", "policies/", "domain/", "web/pages/")


@dataclass(frozen=True)
class Walk:
    """One request; `entered` names the file of each function that was called or went on after a wait, in order.

    Threads of the database and of the password hash are left out, and so are lambdas and comprehensions, which stand
    in the function that is read anyway.
    """

    entered: list[str] = field(default_factory=list)

    @property
    def files(self) -> set[str]:
        """Every file that was entered."""
        return set(self.entered)

    @property
    def hops(self) -> int:
        """How often the next function stands in another file than the one before."""
        return sum(one != other for one, other in pairwise(self.entered))

    @property
    def to_open(self) -> set[str]:
        """The files that somebody opens who wants to understand the act: flows, policies, domain and pages."""
        return {name for name in self.files if name.startswith(TO_OPEN)}


@contextmanager
def walking() -> Iterator[Walk]:
    """Note every function of ours that this thread enters until the block ends."""
    walk, ours = Walk(), f"{PACKAGE}/"

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(ours) and not code.co_name.startswith("<"):
            walk.entered.append(code.co_filename.removeprefix(ours))

    sys.setprofile(note)
    try:
        yield walk
    finally:
        sys.setprofile(None)
