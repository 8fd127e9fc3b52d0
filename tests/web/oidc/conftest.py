"""The provider on SQLite, without a network: one for each file, and somebody else with a browser for each test."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.web.oidc.party import Installation, Party, Provider, providing


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """Serve all tests of a file: making the application takes longer than asking it."""
    path = tmp_path_factory.mktemp("provider") / "renumber.db"
    shutil.copyfile(sqlite_template, path)
    async with providing(f"sqlite:///{path}") as serving:
        yield serving


@pytest_asyncio.fixture(loop_scope="module")
async def provider(installation: Installation) -> Provider:
    """Somebody with a browser, not signed in."""
    return await installation.provider()


@pytest_asyncio.fixture(loop_scope="module")
async def shop(provider: Provider) -> Party:
    """An application, and a browser that is signed in."""
    await provider.sign_in()
    return Party(provider)
