"""The provider on SQLite, without a network."""

from collections.abc import AsyncIterator

import pytest

from tests.web.oidc.party import Party, Provider, providing


@pytest.fixture
async def provider(sqlite_url: str) -> AsyncIterator[Provider]:
    async with providing(sqlite_url) as serving:
        yield serving


@pytest.fixture
async def shop(provider: Provider) -> Party:
    """An application, and a browser that is signed in."""
    await provider.sign_in()
    return Party(provider)
