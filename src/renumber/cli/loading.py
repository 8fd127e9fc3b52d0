"""Loading: the memory of the server, and the one place where code of ours is imported by name when it is needed."""

import gc
import os
import sys
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
TUNABLES = "GLIBC_TUNABLES"

# argon2 works in 19 MiB. A block of that size goes back to the system when a check is done, and comes back in a few
# large pages; in 4864 small ones that would cost half of a check, so without large pages it is kept.
_RETURNED = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304"


def loaded(name: str) -> Any:
    """Import a function; the collector need not look through all the code that comes with it."""
    gc.disable()
    try:
        return resolve_name(name)
    finally:
        gc.enable()


def load_server() -> Any:
    """Import the function that serves, once everything is checked."""
    sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # structlog would load it: 5 MB, and never used
    return loaded("renumber.wiring.server:serve")


def start_over_with_tunables() -> None:
    """Start this process over with its options, which are read at the start alone; an operator's own are left."""
    options = tunables()
    if options and TUNABLES not in os.environ:
        os.environ[TUNABLES] = options
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606


def tunables(large_pages: Path = LARGE_PAGES) -> str:
    """Choose the options for a server: none, unless its kernel gives large pages on request."""
    try:
        choice = large_pages.read_text()
    except OSError:
        return ""
    return "" if "[never]" in choice else _RETURNED
