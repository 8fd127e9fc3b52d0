"""The lock files: which version of which library is pinned, and the digests of the archives that may be installed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==([^\s;\\]+)", re.MULTILINE)
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, order=True)
class Pinned:
    """A library at its one version."""

    name: str
    version: str
    digests: tuple[str, ...]


def pinned_in(text: str) -> Iterator[Pinned]:
    """Read the text of a lock file."""
    pins = list(PIN.finditer(text))
    ends = [pin.start() for pin in pins[1:]] + [len(text)]
    for pin, end in zip(pins, ends, strict=True):
        yield Pinned(pin[1], pin[2], tuple(sorted(DIGEST.findall(text, pin.start(), end))))


def read_locks(*names: str) -> list[Pinned]:
    """Read these lock files, or all; each library and version once."""
    files = [ROOT / name for name in names] or sorted(ROOT.glob("requirements*.lock"))
    return sorted({pin for file in files for pin in pinned_in(file.read_text(encoding="utf-8"))})
