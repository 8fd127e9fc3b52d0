"""Servers whose database is reached through a PgBouncer."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from harness.pgbouncer import find_pgbouncer, running_pgbouncer

Pooled = Callable[..., Iterator[str]]


@pytest.fixture(scope="session")
def pgbouncer() -> None:
    """Skip loudly where there is none; CI has to have one."""
    try:
        find_pgbouncer()
    except FileNotFoundError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
