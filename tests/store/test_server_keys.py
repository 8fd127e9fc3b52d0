"""The key that push services know us by: one for all processes, and the same through every rotation."""

import asyncio
from pathlib import Path

from renumber.crypto import KeyRing, add_key, retire_previous
from renumber.crypto.vapid import VapidKey
from renumber.store.keys.rotation import Rotation
from renumber.store.keys.server_keys import ServerKeys
from tests.flows.world import a_world


async def test_of_processes_that_start_at_once_one_makes_the_key(database_url: str) -> None:
    async with a_world(database_url) as world:
        made = [VapidKey(ServerKeys(world.database, world.keys)) for _ in range(20)]

        assert len(set(await asyncio.gather(*(each.public() for each in made)))) == 1


async def test_a_rotation_of_the_other_keys_ends_no_subscription(database_url: str, tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    async with a_world(database_url, keys=KeyRing.from_file(key_file)) as world:
        before = await VapidKey(ServerKeys(world.database, world.keys)).public()

        add_key(key_file)
        rotation = Rotation(world.database, KeyRing.from_file(key_file), world.clock)
        await rotation.run(lambda _: None)
        retire_previous(key_file)

        later = VapidKey(ServerKeys(world.database, KeyRing.from_file(key_file)))
        assert await later.public() == before
        assert await rotation.stale() == 0
