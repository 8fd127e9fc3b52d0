"""A company with two administrators, and another one, over the whole application."""

from collections.abc import AsyncIterator

import pytest

from tests.web.company.office import Office, an_office


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    """On SQLite."""
    async with an_office(sqlite_url) as opened:
        yield opened


@pytest.fixture
async def either_office(database_url: str) -> AsyncIterator[Office]:
    """On SQLite, then on PostgreSQL."""
    async with an_office(database_url) as opened:
        yield opened
