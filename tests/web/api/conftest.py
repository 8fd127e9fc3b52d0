"""A service with API keys, and one with applications, in the process of the test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.web.api.operator_program import Program, programming
from tests.web.api.person_program import Caller, caller_at, person_serving
from tests.web.oidc.party import Installation


@pytest.fixture
async def program(database_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    async with programming(database_url, tmp_path) as calling:
        yield calling


@pytest.fixture
async def sqlite_program(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Program]:
    async with programming(sqlite_url, tmp_path) as calling:
        yield calling


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """Serve all tests of a file: making the application takes longer than asking it."""
    path = tmp_path_factory.mktemp("people") / "renumber.db"
    shutil.copyfile(sqlite_template, path)
    async with person_serving(f"sqlite:///{path}") as serving:
        yield serving


@pytest_asyncio.fixture(loop_scope="module")
async def somebody(people: Installation) -> Caller:
    """Somebody new, signed in to our pages."""
    return await caller_at(people)
