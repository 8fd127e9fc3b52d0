"""Requests of applications are kept while people sign in, and nobody fills the store with them."""

from renumber.domain.oidc.request import AuthorizationRequest
from renumber.flows.oidc.authorize import Asked, admit, find
from renumber.flows.services import Client
from renumber.policies.joins import Application, Joins
from renumber.policies.oidc.lifetimes import KEPT_FROM_PLACE
from tests.flows.world import START, a_world

CALLBACK = "https://shop.example/callback"
SHOP = Application(client_id="shop", name="Shop", redirect_uris=(CALLBACK,))
REQUEST = AuthorizationRequest(client_id="shop", redirect_uri=CALLBACK, scopes=frozenset({"openid"}), asked_at=START)
ASKED = Asked(request=REQUEST, application=SHOP)


async def test_one_place_has_so_many_requests_kept_and_another_place_has_its_own(database_url: str) -> None:
    async with a_world(database_url, joins=Joins((SHOP,))) as world:
        here, there = Client(ip="192.0.2.1"), Client(ip="198.51.100.1")
        taken = [await admit(world.services, here, ASKED) for _ in range(KEPT_FROM_PLACE.count)]

        named, refused = await admit(world.services, here, ASKED)

        assert {open_at for _, open_at in taken} == {None}
        assert await find(world.services, taken[-1][0]) is not None
        assert await find(world.services, named) is None
        assert refused == world.clock.time + KEPT_FROM_PLACE.window
        assert (await admit(world.services, there, ASKED))[1] is None
        world.clock.time = refused
        assert (await admit(world.services, here, ASKED))[1] is None
