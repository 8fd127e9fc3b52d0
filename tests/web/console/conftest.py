"""The console on either database."""

from collections.abc import AsyncIterator

import pytest

from tests.web.console.desk import Desk, a_desk


@pytest.fixture
async def desk(sqlite_url: str) -> AsyncIterator[Desk]:
    """The service with a console."""
    async with a_desk(sqlite_url) as sitting:
        yield sitting
