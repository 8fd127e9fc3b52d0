"""After a theft other keys sign, on every process at once, and what the old ones signed counts no more."""

from datetime import UTC, datetime

import pytest

from renumber.crypto.signed_tokens import ALGORITHMS, LOOKED_AT_MOST_EVERY, SignedTokens, replace_signing_keys
from renumber.store.keys.server_keys import ServerKeys
from tests.flows.world import a_world


class Ticks:
    """A clock of seconds that goes only where it is put."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_replaced_keys_sign_and_open_nothing_on_any_process(database_url: str, algorithm: str) -> None:
    async with a_world(database_url) as world:
        kept, ticks = ServerKeys(world.database, world.keys), Ticks()
        one, other = (SignedTokens(kept, world.clock, ticks) for _ in range(2))
        stolen = await one.sign({"sub": "erika"}, algorithm)
        assert await other.read(stolen)
        before = {key["kid"] for key in (await other.published())["keys"]}

        await replace_signing_keys(kept)
        ticks.at += LOOKED_AT_MOST_EVERY
        fresh = await one.sign({"sub": "erika"}, algorithm)

        after = {key["kid"] for key in (await other.published())["keys"]}
        assert not before & after
        assert len(after) == len(before)
        assert await other.read(fresh)
        assert await other.read(stolen) is None
        assert await one.read(stolen) is None


async def test_they_are_replaced_again_and_take_their_turns_as_before(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        kept, ticks = ServerKeys(world.database, world.keys), Ticks()
        tokens = SignedTokens(kept, world.clock, ticks)
        for _ in range(2):
            await replace_signing_keys(kept)
        signed = await tokens.sign({"sub": "erika"}, "ES256")

        world.clock.time = datetime(2027, 3, 1, tzinfo=UTC)  # one turn later

        assert await tokens.read(signed)
        assert await tokens.sign({"sub": "erika"}, "ES256") != signed
