"""The origin of an exception without its text, which may quote what someone typed."""

import traceback
from pathlib import PurePath
from types import TracebackType

MOST_FRAMES = 24


def name_of(error: BaseException) -> str:
    """Name the class of an exception."""
    return type(error).__name__


def frames_of(trace: TracebackType | None) -> list[str]:
    """List file, line and function of the innermost frames; never a line of source, never a local variable."""
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return [place(frame.filename, frame.lineno or 0, frame.name) for frame in frames[-MOST_FRAMES:]]


def place(file: str, line: int, function: str) -> str:
    """Name a place in the code in one word."""
    where = "/".join(PurePath(file).parts[-2:]).lstrip("/")
    return ":".join("-".join(word.split()) for word in (where, f"{line}", function))
