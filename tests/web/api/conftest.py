"""A service with API keys, in the process of the test, on either database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.api.operator_program import Program, programming


@pytest.fixture
async def program(database_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    async with programming(database_url, tmp_path) as calling:
        yield calling


@pytest.fixture
async def sqlite_program(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    async with programming(sqlite_url, tmp_path) as calling:
        yield calling
