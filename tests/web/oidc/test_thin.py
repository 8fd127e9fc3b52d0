from tests.flows.world import ORIGIN
from tests.web.oidc.party import Party


async def test_thin(shop: Party) -> None:
    tokens = await shop.tokens(scope="openid email phone profile offline_access")
    claims = await shop.claims(tokens["id_token"])
    info = await shop.user_info(tokens["access_token"])
    assert claims["iss"] == ORIGIN
    assert info.status_code == 200
    again = await shop.refresh(tokens["refresh_token"])
    assert again.status_code == 200
