"""A PgBouncer between the service and its database."""

import os
from collections.abc import Iterator

import pytest

from harness.pgbouncer import find_pgbouncer
from harness.sinks import Sinks, running_sinks


@pytest.fixture(scope="session")
def pgbouncer() -> None:
    """Skip loudly where there is none; CI has to have one."""
    try:
        find_pgbouncer()
    except FileNotFoundError as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def sinks() -> Iterator[Sinks]:
    """Receive mails and text messages."""
    with running_sinks() as receiving:
        yield receiving
