"""Compiled texts and templates, kept where Python keeps its own compiled files, and never out of date."""

import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import TypeVar

Compiled = TypeVar("Compiled")
FOLDER = Path(__file__).parent / "__pycache__"
FINGERPRINT = 32  # bytes


def kept(name: str, sources: Iterable[str], make: Callable[[], Compiled], *, folder: Path = FOLDER) -> Compiled:
    """Take what was compiled of the same sources before, or compile it; `marshal` has to know its type."""
    path = folder / f"{name}.{sys.implementation.cache_tag}.bin"
    fingerprint = _fingerprint(sources)
    with suppress(OSError):
        content = path.read_bytes()
        if content[:FINGERPRINT] == fingerprint:
            found: Compiled = marshal.loads(content[FINGERPRINT:])  # noqa: S302 - believed as Python's own files there are
            return found
    made = make()
    if not sys.dont_write_bytecode:
        _write(path, fingerprint + marshal.dumps(made))  # type: ignore[arg-type]  # of a type that marshal knows
    return made


def _fingerprint(sources: Iterable[str]) -> bytes:
    digest = hashlib.sha256(MAGIC_NUMBER)
    for source in sources:
        digest.update(hashlib.sha256(source.encode()).digest())
    return digest.digest()


def _write(path: Path, content: bytes) -> None:
    """Write as Python writes its compiled files: whole or not at all, and not where it may not."""
    beside = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
