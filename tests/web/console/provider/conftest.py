"""The console beside a company's identity provider: one for each file."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.flows.support.company import CLIENT_ID, GROUPS, SECRET, Company
from tests.web.console.desk import Desk, a_desk
from tests.web.console.provider.company import a_company


@pytest.fixture(scope="module")
def running() -> Iterator[Company]:
    """A provider for all tests of a file."""
    with a_company() as provider:
        yield provider


@pytest.fixture
def company(running: Company) -> Company:
    """The company's provider, as at its start."""
    running.forget()
    return running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk(
    sqlite_template: Path, running: Company, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    """The service with a console, which lets the company's people in."""
    folder = tmp_path_factory.mktemp("console")
    secret, database = folder / "provider.secret", folder / "renumber.db"
    shutil.copyfile(sqlite_template, database)
    secret.write_text(f"{SECRET}\n", encoding="utf-8")
    secret.chmod(0o600)
    named = {"provider_issuer": running.issuer, "provider_client_id": CLIENT_ID, "provider_roles": GROUPS}
    async with a_desk(f"sqlite:///{database}", **named, provider_client_secret_file=str(secret)) as sitting:
        yield sitting
