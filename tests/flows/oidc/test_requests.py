"""Requests of applications are kept while people sign in, and nobody fills the store with them."""

from renumber.flows.oidc.authorize import admit
from renumber.flows.services import Client
from renumber.policies.oidc.lifetimes import KEPT_FROM_PLACE
from tests.flows.world import a_world


async def test_one_place_has_so_many_requests_kept_and_another_place_has_its_own(database_url: str) -> None:
    async with a_world(database_url) as world:
        here, there = Client(ip="192.0.2.1"), Client(ip="198.51.100.1")
        taken = [await admit(world.services, here) for _ in range(KEPT_FROM_PLACE.count)]

        refused = await admit(world.services, here)

        assert set(taken) == {None}
        assert refused == world.clock.time + KEPT_FROM_PLACE.window
        assert await admit(world.services, there) is None
        world.clock.time = refused
        assert await admit(world.services, here) is None
